using System.Globalization;
using Forkpty.Interop;
using Forkpty.Testing;
using Xunit;

namespace Forkpty.Tests;

/// <summary>A session in a control group of its own. Skipped where this process may not make one below its own.</summary>
[Collection(nameof(Alone))]
public sealed class SessionCgroupTests : PipedTests
{
    private static int _number;

    [Fact(Timeout = 150_000)]
    public Task A_process_that_has_left_its_session_and_lost_its_parent_ends_with_the_group() => Task.Run(() =>
    {
        using SessionCgroup group = Create();
        PipedProgram program = Enter(group, "setsid sh -c 'sleep 1000 & echo $!' & wait; echo out");
        int stray = int.Parse(program.Output.ReadUntil("out\n").Split('\n')[0], CultureInfo.InvariantCulture);
        Assert.NotEqual(program.Leader.Pid, Libc.getsid(stray));
        Assert.True(group.Kill());
        Assert.True(group.WaitUntilEmpty(60_000));
        Assert.False(ProcessFacts.IsAlive(stray));
        program.Leader.WaitForEnd();
    });

    [Fact(Timeout = 150_000)]
    public Task The_kernels_file_for_it_is_not_needed() => Task.Run(() =>
    {
        using SessionCgroup group = Create();
        PipedProgram program = Enter(group, "for i in 1 2 3 4 5; do setsid sleep 1000 & done; echo out; wait");
        program.Output.ReadUntil("out\n");
        Assert.True(group.KillOneByOne());
        Assert.True(group.WaitUntilEmpty(60_000));
        Assert.Equal("", program.Output.ReadToEnd()); // nobody has the pipe any more
        program.Leader.WaitForEnd();
    });

    [Fact(Timeout = 150_000)]
    public Task Processes_that_fork_and_end_all_the_time_end_with_the_group() => Task.Run(() =>
    {
        using SessionCgroup group = Create();
        PipedProgram program = Enter(group, "exec python3 -c 'import os\nprint(\"off\", flush=True)\nwhile os.fork() == 0: os.setsid()'");
        program.Output.ReadUntil("off\n");
        Assert.True(group.Kill());
        Assert.True(group.WaitUntilEmpty(60_000));
        Assert.Equal("", program.Output.ReadToEnd());
        program.Leader.WaitForEnd();
    });

    [Fact(Timeout = 150_000)]
    public Task Disposing_removes_the_directory_once_its_processes_have_ended() => Task.Run(() =>
    {
        SessionCgroup group = Create();
        PipedProgram program = Enter(group, "sleep 1000 & echo in; wait");
        program.Output.ReadUntil("in\n");
        Assert.False(group.WaitUntilEmpty(0));
        Assert.False(group.TryRemove());
        Assert.False(group.WaitUntilEmpty(0));
        Assert.True(Directory.Exists(group.Path));
        group.Kill();
        group.Dispose(); // the leader is a zombie still, and that is no obstacle
        Assert.False(Directory.Exists(group.Path));
        Assert.Equal(ExitStatus.Killed(Libc.SIGKILL), program.Leader.WaitForEnd());
        group.Dispose();
    });

    [Fact(Timeout = 150_000)]
    public Task One_that_was_let_go_does_not_kill_what_has_its_descriptors_number_by_now() => Task.Run(() =>
    {
        SessionCgroup first = Create();
        int number = first.Directory.Value;
        first.Dispose();
        List<SessionCgroup> next = [Create()];
        while (next[^1].Directory.Value != number && next.Count < 100)
            next.Add(Create()); // somebody else in this process was quicker
        Assert.Equal(number, next[^1].Directory.Value);
        PipedProgram program = Enter(next[^1], "echo in; read again; echo still");
        program.Output.ReadUntil("in\n");

        Assert.True(first.Kill());

        program.Input.Write("\n");
        Assert.Equal("still\n", program.Output.ReadToEnd());
        Assert.Equal(ExitStatus.Exited(0), program.Leader.WaitForEnd());
        next.ForEach(static group => group.Dispose());
    });

    [Fact(Timeout = 150_000)]
    public Task Groups_that_a_program_has_made_below_it_go_too() => Task.Run(() =>
    {
        SessionCgroup group = Create();
        PipedProgram program = Enter(group, $"cd {group.Path} && mkdir -p a/b c && echo 0 >a/b/cgroup.procs && sleep 1000 & wait $!; echo in; sleep 1000");
        Assert.True(SpinWait.SpinUntil(() => Directory.Exists($"{group.Path}/a/b") && File.ReadAllText($"{group.Path}/a/b/cgroup.procs").Length > 0, 60_000));
        Assert.True(group.Kill());
        group.Dispose();
        Assert.False(Directory.Exists(group.Path));
        program.Leader.WaitForEnd();
    });

    [Fact(Timeout = 150_000)]
    public Task A_group_that_exists_is_not_taken() => Task.Run(() =>
    {
        using SessionCgroup group = Create();
        Assert.Null(SessionCgroup.TryCreate(group.Name, out string? reason));
        Assert.Equal($"mkdir on {group.Path}: EEXIST (File exists)", reason);
        Assert.True(Directory.Exists(group.Path));
    });

    [Fact(Timeout = 150_000)]
    public Task A_process_that_is_not_there_cannot_enter() => Task.Run(() =>
    {
        using SessionCgroup group = Create();
        Assert.Equal(-(int)Errno.ESRCH, group.Enter(int.MaxValue));
        Assert.Equal(-(int)Errno.ESRCH, group.Enter(0)); // to the kernel that would be ourselves
        Assert.True(group.WaitUntilEmpty(0));
    });

    [Fact(Timeout = 150_000)]
    public Task Groups_leave_no_descriptor_and_no_directory_behind() => Task.Run(() =>
    {
        using (Create())
        {
        }

        ProcessState before = ProcessState.Now;
        string own = "";
        for (int i = 0; i < 20; i++)
        {
            using SessionCgroup group = Create();
            own = Path.GetDirectoryName(group.Path)!;
            using PipedProgram program = Enter(group, "sleep 1000 & wait");
            group.Kill();
            program.Leader.WaitForEnd();
        }

        Assert.Equal(before, ProcessState.Now);
        Assert.DoesNotContain(Directory.GetDirectories(own), directory => Path.GetFileName(directory).StartsWith($"fpty-test-{Environment.ProcessId}-", StringComparison.Ordinal));
    });

    [Fact(Timeout = 150_000)]
    public Task The_next_process_ends_those_of_one_that_was_killed_and_no_other() => Task.Run(() =>
    {
        using SessionCgroup held = Create(SessionCgroup.NameOf(900_001));
        using SessionCgroup gone = Create(SessionCgroup.NameOf(900_002));
        using SessionCgroup letGo = Create(SessionCgroup.NameOf(900_003));
        using SessionCgroup other = Create();
        PipedProgram abandoned = Enter(gone, "echo in; sleep 1000");
        PipedProgram left = Enter(letGo, "echo in; read again");
        abandoned.Output.ReadUntil("in\n");
        left.Output.ReadUntil("in\n");

        letGo.LetGo();
        gone.Directory.Dispose(); // as the kernel does it at a process's end
        other.Directory.Dispose();
        List<SessionCgroup> groups = SessionCgroup.Abandoned();

        try
        {
            SessionCgroup found = Assert.Single(groups, static group => group.Name.Contains("-90000", StringComparison.Ordinal));
            Assert.Equal(gone.Path, found.Path);
            Assert.DoesNotContain(groups, group => group.Name == other.Name);
            SessionCgroup last = Assert.Single(SessionCgroup.LetGoes(), group => group.Name == letGo.Name);
            Assert.False(last.TryRemove());
            last.Directory.Dispose();
            Assert.DoesNotContain(SessionCgroup.Abandoned(), group => group.Name == gone.Name); // the first one has it
            Assert.True(found.Kill());
            found.Dispose();
            Assert.False(Directory.Exists(gone.Path));
            Assert.Equal(ExitStatus.Killed(Libc.SIGKILL), abandoned.Leader.WaitForEnd());
        }
        finally
        {
            groups.ForEach(static group => group.Directory.Dispose());
            left.Input.Write("\n");
            left.Leader.WaitForEnd();
            foreach (SessionCgroup group in (SessionCgroup[])[letGo, other])
                Directory.Delete(group.Path);
        }
    });

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("-a")]
    [InlineData("cgroup.procs")]
    [InlineData("a b")]
    [InlineData("a\n")]
    [InlineData("ü")]
    public void What_is_no_name_is_refused(string name) => Assert.Throws<ArgumentException>(() => SessionCgroup.TryCreate(name, out _));

    [Theory]
    [InlineData("0::/\n", "/")]
    [InlineData("12:pids:/x\n0::/user.slice/a b\n", "/user.slice/a b")]
    [InlineData("1:name=systemd:/\n", null)]
    [InlineData("0::/a (deleted)\n", null)]
    [InlineData("0::/../other\n", null)]
    [InlineData("0::/a/..\n", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Our_group_is_the_one_of_version_2(string? file, string? name) => Assert.Equal(name, OwnCgroup.Name(file));

    [Fact]
    public void The_mounts_of_control_groups_are_found_among_others()
    {
        const string Table = """
            22 1 0:21 / /proc rw - proc proc rw
            31 30 0:28 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct
            40 30 0:37 /a\040b /sys/fs/c\134g rw,nosuid shared:3 master:1 - cgroup2 cgroup2 rw
            41 30 0:37 / /x rw
            42 30 0:37 / /y rw - ext4 cgroup2 rw
            43
            44 30 0:37 / /z rw - cgroup2
            """;
        Assert.Equal(
            [new CgroupMount("/", "/sys/fs/cgroup/cpu", "rw,cpu,cpuacct"), new CgroupMount("/a b", "/sys/fs/c\\g", null), new CgroupMount("/", "/z", null)],
            CgroupMount.All(Table));
        Assert.Empty(CgroupMount.All(null));
    }

    [Theory]
    [InlineData("rw,cpu,cpuacct", "cpu,cpuacct", true)]
    [InlineData("rw,cpu,cpuacct", "cpuacct,cpu", true)]
    [InlineData("rw,cpu,cpuacct", "acct", false)]
    [InlineData("rw,xattr,name=systemd", "name=systemd", true)]
    [InlineData("rw,cpu", "", false)]
    [InlineData(null, "", true)]
    [InlineData(null, "cpu", false)]
    public void A_mount_has_the_controllers_of_its_hierarchy(string? options, string controllers, bool has) =>
        Assert.Equal(has, new CgroupMount("/", "/x", options).Has(controllers));

    [Theory]
    [InlineData("/", "/", "")]
    [InlineData("/", "/a/b", "/a/b")]
    [InlineData("/a", "/a/b", "/b")]
    [InlineData("/a", "/a", "")]
    [InlineData("/a", "/ab", null)]
    [InlineData("/a/b", "/a", null)]
    public void Where_our_group_is_below_a_mount(string root, string name, string? below) => Assert.Equal(below, OwnCgroup.Below(root, name));

    private static SessionCgroup Create(string? name = null)
    {
        SessionCgroup? group = SessionCgroup.TryCreate(name ?? $"fpty-test-{Environment.ProcessId}-{Interlocked.Increment(ref _number)}", out string? reason);
        Assert.SkipWhen(group is null, $"No control group can be made here: {reason}.");
        return group!;
    }

    /// <summary>Starts a script that runs once it is in the group.</summary>
    private PipedProgram Enter(SessionCgroup group, string script)
    {
        PipedProgram program = Sh($"read entered; {script}");
        Assert.Equal(0, group.Enter(program.Leader.Pid));
        program.Input.Write("\n");
        return program;
    }
}
