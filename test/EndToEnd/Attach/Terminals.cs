namespace Forkpty.EndToEnd.Attach;

public sealed class Terminals
{
    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_person_works_in_the_shell_of_the_target()
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare);
        await using var terminal = await Attached.StartAsync(target.FullName, []);
        await terminal.Output.ExpectAsync("# ");

        await terminal.TypeAsync("echo $((40+2))-; hostname; exit 9\r");

        await terminal.Output.ExpectAsync("42-");
        Assert.Equal(9, await terminal.ExpectExitAsync());
        Assert.Equal(terminal.FirstSettings, await terminal.SettingsAsync());
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_new_size_reaches_the_program()
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare);
        await using var terminal = await Attached.StartAsync(target.FullName, ["/bin/sh", "-c", "trap 'stty size; exit' WINCH; echo ready; while :; do sleep 0.05; done"]);
        await terminal.Output.ExpectAsync("ready");

        await terminal.ResizeAsync(41, 123);

        await terminal.Output.ExpectAsync("41 123");
    }

    [Theory(Timeout = Patience.HeavyTest)]
    [InlineData("exit 0", 0)]
    [InlineData("exit 255", 255)]
    [InlineData("kill -TERM $$", 143)]
    [InlineData("kill -KILL $$", 137)]
    public async Task The_end_of_the_program_is_the_status(string line, int expected)
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare);

        Assert.Equal(expected, (await Attached.RunAsync(target, line)).Status);
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task Control_c_interrupts_the_program_and_not_the_client()
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare);
        await using var terminal = await Attached.StartAsync(target.FullName, ["/bin/sh", "-c", "trap 'echo caught; exit 3' INT; echo ready; while :; do sleep 0.05; done"]);
        await terminal.Output.ExpectAsync("ready");

        await terminal.TypeAsync("\x03");

        await terminal.Output.ExpectAsync("caught");
        Assert.Equal(3, await terminal.ExpectExitAsync());
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task The_escape_hangs_up()
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare);
        await using var terminal = await Attached.StartAsync(target.FullName, ["/bin/sh", "-c", "echo ready; read x; sleep 500"]);
        await terminal.Output.ExpectAsync("ready");
        var program = ProcessFacts.Children(terminal.ProcessId).Single();

        await terminal.TypeAsync("\r~.");

        Assert.Equal(0, await terminal.ExpectExitAsync());
        Assert.Equal(terminal.FirstSettings, await terminal.SettingsAsync());
        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(program), "the program ends");
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task Input_from_a_pipe_arrives_and_so_does_its_end()
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare);

        var result = await Command.RunAsync([Binaries.Fpty, "attach", "--pty", $"{target.ProcessId}", "--", "/bin/sh", "-c", "stty -echo; cat; exit 4"], "one\ntwo\n");

        Assert.Equal(4, result.Status);
        Assert.Contains("two\r\n", result.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task All_output_comes_before_the_end()
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare);

        var (status, output) = await Attached.RunAsync(target, "i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done; exit 6");

        Assert.Equal(6, status);
        Assert.Equal(Enumerable.Range(0, 20_000).Select(i => $"line {i}"), output.Split('\n'));
    }

    /// <summary>Whoever opens the terminal again after the program's end can write to it as long as it is ours, faster than a slow terminal shows it.</summary>
    [Fact(Timeout = Patience.HeavyTest)]
    public async Task One_that_floods_on_after_the_programs_end_holds_nobody()
    {
        const string SlowTerminal = """
            import os, pty, subprocess, sys, time
            master, slave = pty.openpty()
            client = subprocess.Popen(sys.argv[1:], stdin=slave, stdout=subprocess.PIPE)
            while os.read(client.stdout.fileno(), 512):
                time.sleep(0.002)
            sys.exit(client.wait())
            """;
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare);

        var result = await Command.RunAsync(
            ["/usr/bin/python3", "-c", SlowTerminal, Binaries.Fpty, "attach", $"{target.ProcessId}", "--", "/bin/sh", "-c", "t=$(tty); (trap '' HUP; while yes >$t; do :; done) & exit 3"],
            within: Patience.Expectation);

        Assert.Equal(3, result.Status);
    }
}
