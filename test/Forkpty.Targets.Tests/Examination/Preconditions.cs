using Xunit;

namespace Forkpty.Targets;

/// <summary>What would hinder an attach, and what to do about it.</summary>
public sealed class Preconditions : IDisposable
{
    private const int Pid = 300;

    /// <summary>Each hierarchy has paths of its own.</summary>
    private const string Version1 = "5:cpu,cpuacct:/a/longer/one\n4:freezer:/web\n3:pids:/web\n1:name=systemd:/init.scope\n0::/\n";

    private readonly HostPicture _picture = new();

    public void Dispose() => _picture.Dispose();

    [Fact]
    public void A_container_that_nothing_is_wrong_with_has_no_obstacle()
    {
        _picture.Process(Pid, 7, "/web", status: "Seccomp:\t2\nNoNewPrivs:\t1\n");

        Assert.Null(Examine().Obstacle());
    }

    [Theory]
    [InlineData('Z', "", "process", "a zombie")]
    [InlineData('S', "VmSizeless:\t0\n", "process", "a thread of the kernel")]
    [InlineData('S', "Tgid:\t299\n", "process", "is a thread of process 299")]
    [InlineData('S', "Seccomp:\t1\n", "seccomp", "strict mode")]
    [InlineData('S', "Seccomp:\t2\nTracerPid:\t77\n", "seccomp", "process 77 traces it")]
    public void What_the_process_is_decides(char state, string status, string subject, string text)
    {
        _picture.Process(Pid, 7, "/web", state: state, status: status);

        Finding obstacle = Examine().Obstacle()!;

        Assert.Equal(subject, obstacle.Subject);
        Assert.Contains(text, obstacle.Text, StringComparison.Ordinal);
        Assert.NotNull(obstacle.Remedy);
    }

    [Fact]
    public void Only_the_attach_tells_whether_another_process_answers_system_calls()
    {
        _picture.Process(Pid, 7, "/web", status: "Seccomp:\t2\n");

        Finding filter = Assert.Single(Examine().All(), finding => finding.Subject == "seccomp");

        Assert.Equal(Severity.Fine, filter.Severity);
        Assert.EndsWith("which only the attach can tell", filter.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_has_ended_is_another_by_now()
    {
        _picture.Process(Pid, 8);

        Assert.Contains("another process's by now", Examine().Obstacle()!.Text, StringComparison.Ordinal);
        Assert.Single(Examine().All());
    }

    [Theory]
    [InlineData("/sys/fs/cgroup/web/cgroup.events", "populated 1\nfrozen 1\n")]
    [InlineData("/sys/fs/cgroup/freezer/web/freezer.state", "FROZEN\n")]
    public void A_paused_container_is_named_with_the_way_to_go_on(string file, string text)
    {
        _picture.Process(Pid, 7, "/web");
        if (file.Contains("freezer", StringComparison.Ordinal))
            _picture.Write($"/proc/{Pid}/cgroup", Version1);
        _picture.Write(file, text);

        Assert.Equal(("freezer", "let it go on, as with podman unpause web"), (Examine().Obstacle()!.Subject, Examine().Obstacle()!.Remedy));
    }

    [Fact]
    public void What_stands_behind_its_groups_counts()
    {
        _picture.Process(Pid, 7, "/web", status: $"Groups:\t{string.Concat(Enumerable.Range(0, 65_536).Select(group => $"{4_000_000_000 + group} "))}\nVmSize:\t 2268 kB\nNoNewPrivs:\t1\n");

        Assert.Null(Examine().Obstacle());
        Assert.Contains(Examine().All(), finding => finding is { Subject: "no new privileges", Severity: Severity.Note });
    }

    [Fact]
    public void A_container_that_is_full_of_processes_is_told()
    {
        _picture.Process(Pid, 7);
        _picture.Write($"/proc/{Pid}/cgroup", Version1);
        _picture.Write("/sys/fs/cgroup/pids/web/pids.max", "20\n");
        _picture.Write("/sys/fs/cgroup/pids/web/pids.current", "20\n");

        Assert.Contains("has 20 processes, and may have 20", Examine().Obstacle()!.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("000001ffffffffff", "0", "3", "ptrace_scope is 3")]
    [InlineData("000001fffff7ffff", "0", "2", "without CAP_SYS_PTRACE")]
    [InlineData("000001ffffffffff", "2", "0", "by who has one himself")]
    [InlineData("0000000000000000", "0", "0", "CAP_SYS_ADMIN")]
    public void What_the_caller_may_decides(string capabilities, string filter, string scope, string text)
    {
        _picture.Process(Pid, 7, "/web", status: "Seccomp:\t2\n");
        _picture.Write("/proc/self/status", $"Uid:\t1000\t1000\t0\t0\nCapEff:\t{capabilities}\nSeccomp:\t{filter}\n");
        _picture.Write("/proc/sys/kernel/yama/ptrace_scope", scope + "\n");

        Assert.Contains(text, Examine().Obstacle()!.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "0000000000000000", true, "run fpty where CAP_SYS_PTRACE is held: on the host, or in a container started with --cap-add SYS_PTRACE")]
    [InlineData(0, "000001fffeffffff", true, "run fpty on the host, outside of any container")]
    [InlineData(1000, "0000000000000000", true, "sudo fpty attach podman:web")]
    [InlineData(0, "000001ffffdfffff", false, "run fpty where CAP_SYS_ADMIN is held: on the host, or in a container started with --cap-add SYS_ADMIN")]
    [InlineData(1000, "0000000000000000", false, "sudo fpty attach podman:web")]
    public void Root_is_not_told_to_become_root(int uid, string capabilities, bool hidden, string remedy)
    {
        _picture.Process(Pid, 7, "/web");
        _picture.Write("/proc/self/status", $"Uid:\t{uid}\t{uid}\t0\t0\nCapEff:\t{capabilities}\nSeccomp:\t0\n");
        if (hidden)
            File.Delete(_picture.PathOf($"/proc/{Pid}/ns/mnt"));

        Assert.Equal(("permission", remedy), (Examine().Obstacle()?.Subject, Examine().Obstacle()?.Remedy));
    }

    [Theory]
    [InlineData("", "nothing is mounted on its /dev/pts")]
    [InlineData("30 20 0:40 / /dev/pts rw - tmpfs tmpfs rw\n", "is tmpfs and no devpts")]
    [InlineData("30 20 0:40 / /dev/pts rw - devpts devpts rw\n31 20 0:41 / /dev/pts rw - fuse.evil\\033 evil rw\n", "is fuse.evil\\033 and no devpts")]
    public void Without_terminals_of_its_own_it_gets_one_of_the_host(string mounts, string text)
    {
        _picture.Process(Pid, 7, "/web");
        _picture.Write($"/proc/{Pid}/mountinfo", mounts);

        Finding terminals = Assert.Single(Examine().All(), finding => finding.Subject == "terminals");

        Assert.Equal(Severity.Note, terminals.Severity);
        Assert.Contains(text, terminals.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shell_is_looked_for_as_who_is_inside_finds_it()
    {
        _picture.Process(Pid, 7, "/web");
        string root = _picture.PathOf("/root");
        Directory.CreateDirectory($"{root}/bin");
        Directory.CreateSymbolicLink(_picture.PathOf($"/proc/{Pid}/root"), root);
        File.CreateSymbolicLink($"{root}/bin/sh", "/bin/busybox"); // not the host's
        Assert.Equal("there is no shell in it", Shell().Text);

        File.WriteAllText($"{root}/bin/busybox", "");
        File.SetUnixFileMode($"{root}/bin/busybox", (UnixFileMode)0b111_101_101);
        Assert.Equal(("there is /bin/sh", Severity.Fine), (Shell().Text, Shell().Severity));
    }

    [Theory]
    [InlineData("web:x:1000:1000::/:/bin/zsh", "there is /bin/zsh, the shell of its first process's user")]
    [InlineData("web:x:1000:1000::/:/bin/fish", "there is no shell in it")]
    [InlineData("web:x:1000:1000::/:/bin/false", "there is no shell in it")]
    [InlineData("web:x:1001:1000::/:/bin/zsh", "there is no shell in it")]
    public void The_shell_of_the_account_counts_too(string account, string text)
    {
        _picture.Process(Pid, 7, "/web", uid: "1000");
        string root = _picture.PathOf("/root");
        Directory.CreateSymbolicLink(_picture.PathOf($"/proc/{Pid}/root"), root);
        _picture.Write("/root/etc/passwd", $"root:x:0:0::/root:/bin/sh\n{account}\n");
        foreach (string program in (string[])["zsh", "false"])
        {
            _picture.Write($"/root/bin/{program}", "");
            File.SetUnixFileMode($"{root}/bin/{program}", (UnixFileMode)0b111_101_101);
        }

        Assert.Equal(text, Shell().Text);
    }

    [Theory]
    [InlineData("runc:[2:INIT]", "/usr/sbin/runc", true)]
    [InlineData("runc:[2:INIT]", "/memfd:runc_cloned:/proc/self/exe (deleted)", true)]
    [InlineData("runc:[2:INIT]", "/", true)]
    [InlineData("runc:[1:CHILD]", "/runc", true)]
    [InlineData("crun", "/usr/bin/crun", true)]
    [InlineData("crun", null, true)]
    [InlineData("crun", "/usr/bin/nginx", false)]
    [InlineData("nginx", "/usr/sbin/runc", false)]
    public void What_calls_itself_a_runtime_and_is_none_has_been_started(string name, string? program, bool isBeingMade)
    {
        _picture.Process(Pid, 7, "/web");
        _picture.Write($"/proc/{Pid}/comm", name + "\n");
        if (program is not null)
            _picture.Link($"/proc/{Pid}/exe", program);

        Assert.Equal(isBeingMade ? "its container is made but not started yet" : null, Examine().Obstacle()?.Text);
    }

    [Fact]
    public void A_control_group_is_looked_for_below_the_mounts_of_its_hierarchies()
    {
        _picture.Process(Pid, 7, "/web");
        _picture.Write("/sys/fs/cgroup/systemd/web/tasks", "");
        _picture.Write("/sys/fs/cgroup/cgroup.procs", "");
        Assert.Contains("/sys/fs/cgroup/web/cgroup.procs cannot be written: ENOENT", ControlGroup().Text, StringComparison.Ordinal);

        _picture.Write("/sys/fs/cgroup/web/cgroup.procs", "");
        Assert.Equal((Severity.Fine, "the new program will be in /web"), (ControlGroup().Severity, ControlGroup().Text));

        _picture.Write("/proc/self/mountinfo", "32 1 0:28 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,name=systemd\n");
        Assert.Equal((Severity.Obstacle, "its control group 0::/web, which is below no mount here"), (ControlGroup().Severity, ControlGroup().Text));

        _picture.Write("/proc/self/cgroup", "1:name=systemd:/web\n0::/web\n");
        Assert.Equal((Severity.Fine, "it is in yours: /web"), (ControlGroup().Severity, ControlGroup().Text));
    }

    [Theory]
    [InlineData(1, 0, true)]
    [InlineData(2, 0, false)]
    [InlineData(1, 0x7fc0_0001, false)]
    public void A_filter_that_crun_keeps_needs_no_capability(int filters, uint action, bool found)
    {
        _picture.Process(Pid, 7, "/web", status: $"Seccomp:\t2\nSeccomp_filters:\t{filters}\n");
        _picture.Write("/proc/self/status", $"Uid:\t{Interop.Libc.geteuid()}\t{Interop.Libc.geteuid()}\t0\t0\nCapEff:\t0\nSeccomp:\t0\n");
        File.Delete(_picture.PathOf($"/proc/{Pid}/ns/user"));
        File.CreateSymbolicLink(_picture.PathOf($"/proc/{Pid}/ns/user"), "user:[2]"); // the caller's own making
        const string directory = "/run/crun/0123abcd";
        _picture.Write($"{directory}/status", $"{{\"pid\": {Pid}, \"process-start-time\": 7}}");
        Assert.Equal("seccomp", Examine().Obstacle()!.Subject);

        File.WriteAllBytes(_picture.PathOf($"{directory}/seccomp.bpf"), [6, 0, 0, 0, .. BitConverter.GetBytes(action)]);

        Assert.Equal(found, Examine().Obstacle() is null);
    }

    [Theory]
    [InlineData("user:[1]", "", "Fine", "none of its own: its users are yours")]
    [InlineData("user:[2]", "         0     100000      65536\n", "Fine", "its root is your user 100000")]
    [InlineData("user:[2]", "      1000          0          1\n         0     231072          1\n", "Fine", "its root is your user 231072")]
    [InlineData("user:[2]", "      1000       1000          1\n", "Note", "it has no root: the new program is the user that its first process is")]
    [InlineData("user:[2]", "", "Obstacle", "it has a user namespace of its own, in which no user exists (uid_map is empty)")]
    public void Whose_users_it_has_is_told(string space, string map, string severity, string text)
    {
        _picture.Process(Pid, 7, "/web");
        File.Delete(_picture.PathOf($"/proc/{Pid}/ns/user"));
        File.CreateSymbolicLink(_picture.PathOf($"/proc/{Pid}/ns/user"), space);
        _picture.Write($"/proc/{Pid}/uid_map", map);

        Finding users = Of("user namespace");

        Assert.Equal((severity, text), ($"{users.Severity}", users.Text));
        Assert.Equal(severity == "Obstacle", users.Remedy is not null);
        Assert.Equal(severity == "Obstacle" ? "user namespace" : null, Examine().Obstacle()?.Subject);
    }

    [Theory]
    [InlineData("NoNewPrivs:\t1\n", true)]
    [InlineData("NoNewPrivs:\t0\n", false)]
    [InlineData("", false)]
    public void Where_su_and_sudo_give_nothing_it_is_told(string status, bool told)
    {
        _picture.Process(Pid, 7, "/web", status: status);

        Finding? privileges = Examine().All().SingleOrDefault(finding => finding.Subject == "no new privileges");

        Assert.Equal(told, privileges is { Severity: Severity.Note, Remedy: "--user chooses the user from outside" });
        Assert.Equal(told, privileges is not null);
    }

    [Theory]
    [InlineData(null, "no profile of AppArmor or SELinux is on it")]
    [InlineData("unconfined\n", "no profile of AppArmor or SELinux is on it")]
    [InlineData("docker-default (enforce)\n", "the new program will have its label: docker-default (enforce)")]
    [InlineData("system_u:system_r:container_t:s0:c1,c2\0", "the new program will have its label: system_u:system_r:container_t:s0:c1,c2")]
    [InlineData("a\u001b[2J (enforce)\n", "the new program will have its label: a^[[2J (enforce)")]
    public void The_label_that_the_program_will_have_is_told(string? label, string text)
    {
        _picture.Process(Pid, 7, "/web");
        if (label is not null)
            _picture.Write($"/proc/{Pid}/attr/current", label);

        Assert.Equal((Severity.Fine, text), (Of("label").Severity, Of("label").Text));
    }

    private Finding ControlGroup() => Of("control group");

    private Finding Shell() => Of("shell");

    private Finding Of(string subject) => Assert.Single(Examine().All(), finding => finding.Subject == subject);

    private Examination Examine() => new(_picture.Host, new Target(TargetKind.Podman, "web", Pid, 7));
}
