using Xunit;

namespace Forkpty.Targets;

/// <summary>Waiting for a container that starts.</summary>
public sealed class Waiting
{
    [Fact(Timeout = 30_000)]
    public async Task It_ends_when_the_container_is_there()
    {
        using var picture = new HostPicture();
        Directory.CreateDirectory(picture.PathOf("/run/runc"));
        Task<Target> waiting = picture.Host.WaitForAsync("web", cancellationToken: TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);

        picture.Process(300, 7);
        WrittenStates.State(picture, "/run/runc", "web", 300, 7);

        Assert.Equal(300, (await waiting).ProcessId);
    }

    [Fact(Timeout = 30_000)]
    public async Task The_one_that_has_ended_and_one_that_is_not_started_yet_are_not_it()
    {
        using var picture = new HostPicture();
        var previous = new Target(TargetKind.Runc, "web", 300, 7);
        picture.Process(300, 7, state: 'Z');
        picture.Process(301, 8, command: "runc:[2:INIT]");
        WrittenStates.State(picture, "/run/runc", "web", 301, 8);
        Task<Target> waiting = picture.Host.WaitForAsync("runc:web", previous, TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);

        picture.Write("/proc/301/comm", "nginx\n");

        Assert.Equal(301, (await waiting).ProcessId);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("runc:web", true)]
    [InlineData("web", true)]
    [InlineData("web", false)]
    public async Task What_another_user_calls_so_is_not_the_next_one(string name, bool hasPrevious)
    {
        using var picture = new HostPicture();
        picture.Process(301, 8, uid: "4711");
        WrittenStates.State(picture, "/run/user/4711/runc", "web", 301, 8);
        WrittenStates.State(picture, "/run/docker/runtime-runc/moby", "web", 302, 9);
        Directory.CreateDirectory(picture.PathOf("/run/runc"));
        Task<Target> waiting = picture.Host.WaitForAsync(name, hasPrevious ? new Target(TargetKind.Runc, "web", 300, 7) : null, TestContext.Current.CancellationToken);
        using var tooShort = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(tooShort.Token));

        picture.Process(303, 10);
        WrittenStates.State(picture, "/run/runc", "web", 303, 10);

        Assert.Equal(303, (await waiting).ProcessId);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("/usr/bin/systemd-nspawn", "systemd-nspawn -M web", "/")]
    [InlineData("/usr/bin/lxc-start", "lxc-start -n web", "/lxc.payload.web")]
    public async Task The_first_process_of_a_machine_is_not_it_while_it_is_its_monitors_program_still(string program, string command, string group)
    {
        using var picture = new HostPicture();
        picture.Process(200, 5, command: command, pids: HostPicture.OwnPids);
        picture.Process(300, 7, group, command, parent: 200);
        picture.Program(200, program);
        picture.Program(300, program);
        Assert.Equal(300, picture.Host.Find("web").ProcessId);
        using var tooShort = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => picture.Host.WaitForAsync("web", cancellationToken: tooShort.Token));

        picture.Link("/proc/300/exe", "/usr/lib/systemd/systemd");

        Assert.Equal(300, (await picture.Host.WaitForAsync("web", cancellationToken: TestContext.Current.CancellationToken)).ProcessId);
    }

    [Fact(Timeout = 30_000)]
    public async Task It_can_be_cancelled()
    {
        using var picture = new HostPicture();
        using var cancellation = new CancellationTokenSource();
        Task<Target> waiting = picture.Host.WaitForAsync("web", cancellationToken: cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public void A_name_that_nobody_can_have_is_refused_at_once() =>
        Assert.Throws<TargetException>(() => { _ = Host.Local.WaitForAsync("dokcer:web", cancellationToken: TestContext.Current.CancellationToken); });
}
