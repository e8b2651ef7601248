using Xunit;

namespace Forkpty.Targets;

/// <summary>A process is in a target by what is the target's own, and by nothing that strangers have in common with it.</summary>
public sealed class Members : IDisposable
{
    private const string Session = "/user.slice/user-1000.slice/session-2.scope";
    private const int First = 300;
    private static readonly string _id = new('a', 64);
    private readonly HostPicture _picture = new();

    public Members()
    {
        Process(1, 1, "/init.scope");
        Process(200, 5, Session); // the login shell
    }

    public void Dispose() => _picture.Dispose();

    [Fact]
    public void A_jail_from_a_login_session_has_nothing_of_that_session()
    {
        Process(First, 7, Session, "uts:[2]", parent: 200);
        Process(301, 8, Session, parent: 200); // a job of the session's
        Process(302, 8, Session, "uts:[2]"); // a session of the jail's, left behind
        Process(303, 8, Session, "uts:[3]", parent: 302); // what that has unshared
        Process(304, 8, "/user.slice/user-1000.slice/session-3.scope", "uts:[2]"); // who has gone in from elsewhere

        Assert.Equal([302, 303], In(new Target(TargetKind.Jail, "300", First, 7)));
    }

    [Fact]
    public void A_container_with_the_hosts_processes_has_what_is_in_its_group()
    {
        Process(First, 7, $"/machine.slice/libpod-{_id}.scope/container", "mnt:[2]");
        Process(301, 8, $"/machine.slice/libpod-{_id}.scope/exec", "mnt:[2]");
        Process(302, 8, $"/machine.slice/libpod-{_id}.scope", "mnt:[3]");
        Process(303, 8, "/machine.slice", "mnt:[2]");
        Process(304, 8, $"/machine.slice/libpod-{new string('b', 64)}.scope", "mnt:[4]");

        Assert.Equal([301, 302], In(new Target(TargetKind.Podman, "web", First, 7) { Id = _id }));
    }

    [Theory]
    [InlineData("user")]
    [InlineData("2")]
    [InlineData("session-2.scope")]
    public void A_chosen_id_makes_no_group_its_own(string id)
    {
        Process(First, 7, Session);
        Process(301, 8, Session);

        Assert.Empty(In(new Target(TargetKind.Runc, id, First, 7) { Id = id }, told: false));
    }

    [Fact]
    public void A_service_has_its_group_and_not_who_logged_in_by_it()
    {
        Process(First, 7, "/system.slice/ssh.service", "mnt:[2]");
        Process(301, 8, "/system.slice/ssh.service", "mnt:[2]", parent: First);
        Process(302, 8, "/system.slice/ssh.service/below");
        Process(303, 8, Session, "mnt:[2]", parent: First);

        Assert.Equal([301, 302], In(new Target(TargetKind.Systemd, "ssh.service", First, 7)));
        Assert.Equal([301], In(new Target(TargetKind.Process, "300", First, 7)));
    }

    [Fact]
    public void A_process_that_was_born_in_its_namespaces_has_nothing_of_its_own()
    {
        Process(First, 7, Session, "mnt:[2]");
        Process(301, 8, Session, "mnt:[2]");
        Assert.Equal([301], In(new Target(TargetKind.Process, "300", First, 7)));

        Process(299, 6, Session, "mnt:[2]"); // a shell of unshare's
        Assert.Empty(In(new Target(TargetKind.Process, "300", First, 7), told: false));
        Assert.Empty(In(new Target(TargetKind.Process, "200", 200, 5), told: false));
        Assert.Empty(In(new Target(TargetKind.Process, "1", 1, 1), told: false));
    }

    [Fact]
    public void Whoever_asks_from_within_the_same_namespaces_does_not_make_them_the_targets()
    {
        Link("/proc/self", "mnt:[2]");
        Process(First, 7, Session, "mnt:[2]");
        Process(301, 8, Session, "mnt:[2]");

        Assert.Empty(In(new Target(TargetKind.Process, "300", First, 7), told: false));
    }

    [Fact]
    public void A_pid_namespace_is_the_targets_with_all_below_and_the_innermost_counts()
    {
        Process(First, 7, "/", "pid:[2]");
        Process(301, 8, "/", "pid:[2]"); // from exec
        Process(302, 9, "/", "pid:[3]", parent: 301);
        Process(303, 10, "/", "pid:[4]", parent: 302);
        Process(304, 11, "/", parent: 200);

        Assert.Equal([301, 302, 303], In(new Target(TargetKind.Runc, "web", First, 7)));
        var membership = new Membership(_picture.Host.Processes, [new(TargetKind.Runc, "web", First, 7), new(TargetKind.Runc, "zinner", 302, 9)]);
        Assert.Equal("runc:zinner", membership.Of(membership.All.Find(process => process.Pid == 303))!.FullName);
    }

    private List<int> In(Target target, bool told = true)
    {
        var membership = new Membership(_picture.Host.Processes, [target]);
        Assert.Equal(told ? 0 : 1, membership.Untold.Count);
        return membership.All.FindAll(process => membership.Of(process) is not null).ConvertAll(process => process.Pid);
    }

    /// <summary>One of the host's namespaces, but for some.</summary>
    private void Process(int pid, ulong start, string group, string apart = "", int parent = 1)
    {
        _picture.Process(pid, start, group, parent: parent, pids: HostPicture.OwnPids);
        Link($"/proc/{pid}", apart);
    }

    private void Link(string process, string space)
    {
        if (space.Length > 0)
            _picture.Link($"{process}/ns/{space.Split(':')[0]}", space);
    }
}
