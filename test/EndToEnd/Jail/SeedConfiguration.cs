namespace Forkpty.EndToEnd;

public sealed class SeedConfiguration
{
    [Theory(Timeout = Patience.Test)]
    [InlineData(RouterKind.Fpty)]
    [InlineData(RouterKind.Uwsgi)]
    public async Task A_session_says_iaminajail_and_the_host_keeps_its_name(RouterKind router)
    {
        await using var jail = await JailedRouter.StartAsync(router);
        await using var talk = await jail.OpenAsync();

        Assert.Equal("iaminajail", await talk.AskAsync("hostname"));
        Assert.Equal("kratos kratos", await talk.AskAsync("echo $(id -un) $(id -gn)"));
        Assert.Equal(jail.HostName, await Command.ShellAsync("hostname"));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Every_thread_is_inside_and_root_cannot_come_back()
    {
        await using var jail = await JailedRouter.StartAsync(RouterKind.Fpty);
        await using var talk = await jail.OpenAsync();
        var inside = await talk.AskAsync("readlink /proc/self/ns/uts");
        var uid = await Command.ShellAsync("id -u kratos");
        var gid = await Command.ShellAsync("id -g kratos");

        Assert.NotEqual(inside, new FileInfo("/proc/self/ns/uts").LinkTarget);
        foreach (var thread in Directory.GetDirectories($"/proc/{jail.Router.ProcessId}/task"))
        {
            Assert.Equal(inside, new FileInfo($"{thread}/ns/uts").LinkTarget);
            var status = File.ReadAllLines($"{thread}/status");
            Assert.Contains($"Uid:\t{uid}\t{uid}\t{uid}\t{uid}", status);
            Assert.Contains($"Gid:\t{gid}\t{gid}\t{gid}\t{gid}", status);
            Assert.Contains("CapPrm:\t0000000000000000", status);
            Assert.Contains("CapEff:\t0000000000000000", status);
            Assert.DoesNotContain(status, l => l.StartsWith("Groups:", StringComparison.Ordinal) && l.Split('\t')[1].Split(' ').Contains("0"));
        }

        Assert.Equal("no", await talk.AskAsync("cat /etc/shadow >/dev/null 2>&1 && echo yes || echo no"));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_failing_command_as_root_ends_the_start()
    {
        await JailedRouter.EnsureUserAsync();
        using var directory = new TempDirectory();
        var ini = directory.Write("jail.ini", JailedRouter.Ini(directory, "exec-as-root = false"));
        await using var process = RouterProcess.Launch(RouterKind.Fpty, new RouterSetup { OwnSockets = false, Arguments = [ini] }, directory);

        Assert.Equal(1, await process.ExpectExitAsync());
        await process.Log.ExpectAsync("exec-as-root");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task An_unknown_user_ends_the_start()
    {
        using var directory = new TempDirectory();
        var setup = new RouterSetup { Options = [("uid", "nobody-of-this-name")] };
        await using var process = RouterProcess.Launch(RouterKind.Fpty, setup, directory);

        Assert.NotEqual(0, await process.ExpectExitAsync());
        await process.Log.ExpectAsync("nobody-of-this-name");
    }
}
