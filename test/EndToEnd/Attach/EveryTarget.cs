namespace Forkpty.EndToEnd.Attach;

public sealed class EveryTarget
{
    public static TheoryData<TargetKind> Kinds => [.. Enum.GetValues<TargetKind>()];

    [Theory(Timeout = Patience.HeavyTest)]
    [MemberData(nameof(Kinds))]
    public async Task The_terminal_is_the_targets_own_and_has_the_right_size_from_the_beginning(TargetKind kind)
    {
        await using var target = await RunningTarget.StartAsync(kind);

        var (status, output) = await Attached.RunAsync(target, "tty; stty size; exec 3<>$(tty) && echo again; exit 7");

        Assert.Matches(@"^/dev/pts/\d+\n33 99\nagain$", output);
        Assert.Equal(7, status);
    }

    [Theory(Timeout = Patience.HeavyTest)]
    [MemberData(nameof(Kinds))]
    public async Task The_program_is_confined_as_the_first_process_is(TargetKind kind)
    {
        await using var target = await RunningTarget.StartAsync(kind);
        string[] fields = ["CapBnd", "CapEff", "CapPrm", "NoNewPrivs", "Seccomp", "Seccomp_filters", "Umask"];

        var (_, output) = await Attached.RunAsync(target, "cat /proc/self/status; echo; cat /proc/self/limits; echo; echo score $(cat /proc/self/oom_score_adj); for n in /proc/self/ns/*; do readlink $n; done");

        foreach (var field in fields)
            Assert.Contains($"{field}:\t{ProcessFacts.Status(target.ProcessId, field)}\n", output, StringComparison.Ordinal);
        Assert.Contains("CapInh:\t0000000000000000\n", output, StringComparison.Ordinal);
        Assert.Contains("CapAmb:\t0000000000000000\n", output, StringComparison.Ordinal);
        Assert.Contains($"score {(await File.ReadAllTextAsync($"/proc/{target.ProcessId}/oom_score_adj")).Trim()}\n", output, StringComparison.Ordinal);
        foreach (var limit in (await File.ReadAllLinesAsync($"/proc/{target.ProcessId}/limits")).Skip(1))
            Assert.Contains(limit.TrimEnd(), output, StringComparison.Ordinal);
        foreach (var space in new[] { "user", "mnt", "pid", "uts", "ipc", "net", "cgroup", "time" })
            Assert.Contains(new FileInfo($"/proc/{target.ProcessId}/ns/{space}").LinkTarget!, output, StringComparison.Ordinal);
    }

    [Theory(Timeout = Patience.HeavyTest)]
    [MemberData(nameof(Kinds))]
    public async Task It_is_the_user_and_in_the_groups_and_control_groups_of_the_first_process(TargetKind kind)
    {
        await using var target = await RunningTarget.StartAsync(kind);
        await using var terminal = await Attached.StartAsync(target.FullName, ["/bin/sh", "-c", "echo ready; read x"]);
        await terminal.Output.ExpectAsync("ready");

        var program = ProcessFacts.Children(terminal.ProcessId).Single();

        foreach (var field in new[] { "Uid", "Gid", "Groups" })
            Assert.Equal(ProcessFacts.Status(target.ProcessId, field), ProcessFacts.Status(program, field));
        Assert.Equal(await File.ReadAllTextAsync($"/proc/{target.ProcessId}/cgroup"), await File.ReadAllTextAsync($"/proc/{program}/cgroup"));
        Assert.Equal(new FileInfo($"/proc/{target.ProcessId}/root").LinkTarget, new FileInfo($"/proc/{program}/root").LinkTarget);
    }

    [Theory(Timeout = Patience.HeavyTest)]
    [MemberData(nameof(Kinds))]
    public async Task The_static_build_enters_as_the_usual_one_does(TargetKind kind)
    {
        const string Tell = """
            test -c $(tty) && stty size; exec 3<>$(tty) && echo again; id; pwd; cat /proc/self/cgroup /proc/self/limits /proc/self/oom_score_adj
            grep -E '^(Uid|Gid|Groups|Cap|NoNewPrivs|Seccomp|Umask)' /proc/self/status; for n in user mnt pid uts ipc net cgroup time; do readlink /proc/self/ns/$n; done; exit 7
            """;
        Assert.SkipUnless(File.Exists(Binaries.StaticFpty), $"{Binaries.StaticFpty} has not been made: make static");
        await using var target = await RunningTarget.StartAsync(kind);

        var (status, output) = await Attached.ExecuteAsync(target.FullName, ["/bin/sh", "-c", Tell], [], fpty: Binaries.StaticFpty);

        Assert.StartsWith("33 99\nagain\nuid=", output, StringComparison.Ordinal);
        Assert.Equal((status, output), (7, (await Attached.RunAsync(target, Tell)).Output));
    }

    [Theory(Timeout = Patience.HeavyTest)]
    [MemberData(nameof(Kinds))]
    public async Task Nothing_is_left_in_the_target_when_the_client_is_killed(TargetKind kind)
    {
        await using var target = await RunningTarget.StartAsync(kind);
        await using var terminal = await Attached.StartAsync(target.FullName, ["/bin/sh", "-c", "echo ready; sleep 500; echo"]);
        await terminal.Output.ExpectAsync("ready");
        var program = ProcessFacts.Children(terminal.ProcessId).Single();
        IReadOnlyList<int> below = [];
        await Patience.UntilAsync(() => (below = ProcessFacts.Descendants(program)).Count > 0, "the sleep runs");

        await terminal.SignalAsync(9);

        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(program) && !below.Any(ProcessFacts.IsAlive), "the program and its child end");
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task Where_clone3_is_forbidden_the_control_group_is_joined_all_the_same()
    {
        // As Docker's filter does to a container without CAP_SYS_ADMIN: ENOSYS, for it cannot look at the flags. Privileged, since who has a filter can copy none.
        const string Filter = """
            import ctypes, os, struct, sys
            code = b"".join(struct.pack("HBBI", *each) for each in [(0x20, 0, 0, 0), (0x15, 0, 1, 435), (0x06, 0, 0, 0x50000 | 38), (0x06, 0, 0, 0x7fff0000)])
            text = ctypes.create_string_buffer(code)
            libc = ctypes.CDLL(None, use_errno=True)
            assert libc.prctl(22, 2, struct.pack("HxxxxxxQ", 4, ctypes.addressof(text)), 0, 0) == 0, ctypes.get_errno()
            os.execv(sys.argv[1], sys.argv[1:])
            """;
        await using var target = await RunningTarget.StartAsync(TargetKind.Runc);
        await using var terminal = await Terminal.StartAsync(["python3", "-c", Filter, Binaries.Fpty, "attach", target.FullName, "--privileged", "--", "/bin/sh", "-c", "cat /proc/self/cgroup; exit 7"]);

        Assert.Equal(7, await terminal.ExpectExitAsync());

        Assert.EndsWith(await File.ReadAllTextAsync($"/proc/{target.ProcessId}/cgroup"), terminal.Output.Text.Replace("\r", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }
}
