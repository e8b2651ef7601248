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
        string[] fields = ["CapBnd", "CapEff", "CapPrm", "NoNewPrivs", "Seccomp", "Umask"];

        var (_, output) = await Attached.RunAsync(target, "cat /proc/self/status; echo; cat /proc/self/limits; echo; for n in /proc/self/ns/*; do readlink $n; done");

        foreach (var field in fields)
            Assert.Contains($"{field}:\t{ProcessFacts.Status(target.ProcessId, field)}\n", output, StringComparison.Ordinal);
        Assert.Contains("CapInh:\t0000000000000000\n", output, StringComparison.Ordinal);
        Assert.Contains("CapAmb:\t0000000000000000\n", output, StringComparison.Ordinal);
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
        await using var terminal = await Attached.StartAsync(target.ProcessId, ["/bin/sh", "-c", "echo ready; read x"]);
        await terminal.Output.ExpectAsync("ready");

        var program = ProcessFacts.Children(terminal.ProcessId).Single();

        foreach (var field in new[] { "Uid", "Gid", "Groups" })
            Assert.Equal(ProcessFacts.Status(target.ProcessId, field), ProcessFacts.Status(program, field));
        Assert.Equal(await File.ReadAllTextAsync($"/proc/{target.ProcessId}/cgroup"), await File.ReadAllTextAsync($"/proc/{program}/cgroup"));
        Assert.Equal(new FileInfo($"/proc/{target.ProcessId}/root").LinkTarget, new FileInfo($"/proc/{program}/root").LinkTarget);
    }

    [Theory(Timeout = Patience.HeavyTest)]
    [MemberData(nameof(Kinds))]
    public async Task Nothing_is_left_in_the_target_when_the_client_is_killed(TargetKind kind)
    {
        await using var target = await RunningTarget.StartAsync(kind);
        await using var terminal = await Attached.StartAsync(target.ProcessId, ["/bin/sh", "-c", "echo ready; sleep 500; echo"]);
        await terminal.Output.ExpectAsync("ready");
        var program = ProcessFacts.Children(terminal.ProcessId).Single();
        IReadOnlyList<int> below = [];
        await Patience.UntilAsync(() => (below = ProcessFacts.Descendants(program)).Count > 0, "the sleep runs");

        await terminal.SignalAsync(9);

        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(program) && !below.Any(ProcessFacts.IsAlive), "the program and its child end");
    }
}
