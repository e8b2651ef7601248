namespace Forkpty.EndToEnd.Attach;

/// <summary>A command in a target without a terminal.</summary>
public sealed class Pipes
{
    [Theory(Timeout = Patience.HeavyTest)]
    [InlineData(TargetKind.Podman)]
    [InlineData(TargetKind.Mapped)]
    public async Task No_byte_is_changed_and_errors_are_apart(TargetKind kind)
    {
        await using var target = await RunningTarget.StartAsync(kind);
        using var directory = new TempDirectory();
        await Command.ShellAsync($"head -c 20000000 /dev/urandom >{directory["in"]}");

        var result = await Command.RunAsync(
            ["/bin/bash", "-c", $"{Binaries.Fpty} attach {target.ProcessId} -- sh -c 'cat; echo apart >&2; exit 7' <{directory["in"]} >{directory["out"]}"], within: TimeSpan.FromSeconds(60));

        Assert.Equal((7, "apart\n"), (result.Status, result.Error));
        Assert.Equal(await File.ReadAllBytesAsync(directory["in"]), await File.ReadAllBytesAsync(directory["out"]));
    }

    [Theory(Timeout = Patience.HeavyTest)]
    [InlineData(TargetKind.Podman)]
    [InlineData(TargetKind.Shifted)]
    public async Task They_are_the_users_and_nothing_of_the_hosts(TargetKind kind)
    {
        await using var target = await RunningTarget.StartAsync(kind);

        var result = await Command.RunAsync(
            [Binaries.Fpty, "attach", $"{target.ProcessId}", "--user", "1000", "--", "sh", "-c", "cat >/proc/self/fd/1; echo error >/proc/self/fd/2; for fd in /proc/self/fd/[0-9]*; do readlink $fd; done; exit 0"], "typed\n");

        Assert.Equal((0, "error\n"), (result.Status, result.Error));
        var lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("typed", lines[0]);
        Assert.Equal(3, lines.Count(line => line.StartsWith("pipe:", StringComparison.Ordinal)));
        Assert.DoesNotContain("/dev/", string.Join(' ', lines), StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_signal_is_passed_on_and_the_same_again_ends_the_client()
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare);
        await using var terminal = await Terminal.StartAsync(
            [Binaries.Fpty, "attach", "--no-pty", $"{target.ProcessId}", "--", "sh", "-c", "trap 'echo heard; exit 3' TERM; trap 'echo ignored' INT; echo ready; while :; do sleep 0.1; done"]);
        await terminal.Output.ExpectAsync("ready");

        await terminal.TypeAsync("\u0003"); // no raw terminal: the kernel makes a SIGINT of it
        await terminal.Output.ExpectAsync("ignored");
        await Command.SignalAsync(terminal.ProcessId, "TERM");

        await terminal.Output.ExpectAsync("heard");
        Assert.Equal(3, await terminal.ExpectExitAsync());

        await using var deaf = await Terminal.StartAsync([Binaries.Fpty, "attach", "--no-pty", $"{target.ProcessId}", "--", "sh", "-c", "trap '' TERM; echo ready; cat"]);
        await deaf.Output.ExpectAsync("ready");
        await Patience.UntilAsync(
            async () =>
            {
                await Command.RunAsync(["kill", "-TERM", $"{deaf.ProcessId}"]);
                return !ProcessFacts.IsAlive(deaf.ProcessId);
            },
            "the client ends");
        Assert.Equal(128 + 15, await deaf.ExpectExitAsync());
    }

    [Theory(Timeout = Patience.HeavyTest)]
    [InlineData("--no-pty", 150_000)]
    [InlineData("--pty", 3_000)]
    public async Task Who_reads_slowly_loses_nothing(string option, int bytes)
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare);

        // The program has ended long before its output is read.
        var count = await Command.ShellAsync($"{Binaries.Fpty} attach {option} {target.ProcessId} -- sh -c 'printf %0{bytes}d 0' </dev/null | (sleep 1; head -c 1000; sleep 1; cat) | wc -c");

        Assert.Equal($"{bytes}", count);
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_disk_that_is_full_is_told()
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare);

        var result = await Command.RunAsync(["/bin/sh", "-c", $"{Binaries.Fpty} attach {target.ProcessId} -- echo lost </dev/null >/dev/full"]);

        Assert.Equal(255, result.Status);
        Assert.Contains("cannot write to stdout: ENOSPC", result.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_terminal_is_had_where_it_is_asked_for()
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare);

        var result = await Command.RunAsync([Binaries.Fpty, "attach", "--pty", $"{target.ProcessId}", "--", "tty"], "");

        Assert.Equal((0, "/dev/pts/0"), (result.Status, result.Output.Trim()));
    }
}
