namespace Forkpty.EndToEnd.Sessions;

public sealed class SeveralDrivers
{
    private const string ShowSize = """
        import os, signal, sys
        def show(*_):
            size = os.get_terminal_size()
            os.write(1, b"size %d %d." % (size.lines, size.columns))
        signal.signal(signal.SIGWINCH, show)
        os.write(1, b"go")
        for line in sys.stdin:
            show()
        """;

    [Fact(Timeout = Patience.Test)]
    public async Task The_size_is_that_of_the_driver_that_typed_last_or_has_just_come()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var first = await SessionPeer.OpenAsync(router, Request.Open("work", command: ["/usr/bin/python3", "-S", "-c", ShowSize], onDisconnect: "keep"));
        await first.Output.ExpectAsync("go");

        await using var second = await SessionPeer.OpenAsync(router, Request.Attach("work"), rows: 30, columns: 100);
        await first.Output.ExpectAsync("size 30 100.");

        await first.TypeAsync("\r");
        await first.Output.ExpectAsync("size 24 80.");

        await first.ResizeAsync(25, 81);
        await first.Output.ExpectAsync("size 25 81.");

        await second.ResizeAsync(31, 101);
        await second.SettleAsync();
        await second.TypeAsync("\r");
        await second.Output.ExpectAsync("size 31 101.");

        await first.TypeAsync("\r");
        await first.Output.ExpectAsync("size 25 81.");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task When_that_one_leaves_it_is_that_of_another()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var first = await SessionPeer.OpenAsync(router, Request.Open("work", command: ["/usr/bin/python3", "-S", "-c", ShowSize], onDisconnect: "keep"));
        await first.Output.ExpectAsync("go");
        await using var second = await SessionPeer.OpenAsync(router, Request.Attach("work"), rows: 30, columns: 100);
        await first.Output.ExpectAsync("size 30 100.");

        await second.LeaveAsync();

        await first.Output.ExpectAsync("size 24 80.");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task The_slowest_one_makes_the_program_wait_and_nobody_misses_a_byte()
    {
        const int Lines = 1_000_000;
        string expected = string.Concat(Enumerable.Range(1, Lines).Select(i => $"{i}\r\n")) + "over-2\r\n";
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var quick = await SessionPeer.OpenAsync(
            router, Request.Open("work", shell: $"stty -echo; echo go; read x; seq 1 {Lines}; echo over-$((1+1)); cat", onDisconnect: "keep"));
        await quick.Output.ExpectAsync("go\r\n");
        await using var slow = await SessionPeer.OpenUnreadAsync(router, Request.Attach("work"));
        await quick.ExpectAsync(PacketType.Notice, notice => notice.Text("event") == "attached");
        int memory = ProcessFacts.ResidentKiB(router.ProcessId);

        await quick.TypeAsync("\r");
        (long seen, long since) = (0, Environment.TickCount64);
        await Patience.UntilAsync(
            () =>
            {
                if (quick.OutputLength != seen)
                    (seen, since) = (quick.OutputLength, Environment.TickCount64);
                return seen >= 64 * 1024 && Environment.TickCount64 - since > 300;
            },
            "the standstill");
        Assert.InRange(seen, 0, 2 * 1024 * 1024);
        await quick.SettleAsync();
        Assert.InRange(ProcessFacts.ResidentKiB(router.ProcessId) - memory, int.MinValue, 4 * 1024);

        slow.StartReading();
        await quick.Output.ExpectAsync("over-2\r\n");
        await slow.Output.ExpectAsync("over-2\r\n");
        Assert.True(quick.Output.Text == "go\r\n" + expected, "the quick one's output");
        Assert.True(slow.Output.Text == expected, "the slow one's output");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task When_the_slow_one_leaves_the_program_goes_on()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var quick = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "stty -echo; echo go; read x; yes", onDisconnect: "keep"), keepsOutput: false);
        await quick.ExpectOutputLengthAsync(4);
        var slow = await SessionPeer.OpenUnreadAsync(router, Request.Attach("work"));
        await quick.ExpectAsync(PacketType.Notice, notice => notice.Text("event") == "attached");
        await quick.TypeAsync("\r");
        await quick.ExpectOutputLengthAsync(64 * 1024);

        await slow.DisposeAsync();

        await quick.ExpectOutputLengthAsync(10_000_000);
    }

    [Fact(Timeout = 150_000)]
    public async Task One_that_takes_nothing_for_30_seconds_is_cut_off()
    {
        Assert.SkipUnless(Extent.IsFull, "Takes half a minute: FPTY_FULL=1 runs it.");
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var quick = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "stty -echo; echo go; read x; yes", onDisconnect: "keep"), keepsOutput: false);
        await quick.ExpectOutputLengthAsync(4);
        await using var slow = await SessionPeer.OpenUnreadAsync(router, Request.Attach("work"));
        await quick.ExpectAsync(PacketType.Notice, notice => notice.Text("event") == "attached");
        long since = Environment.TickCount64;
        await quick.TypeAsync("\r");

        await quick.ExpectOutputLengthAsync(10_000_000);

        Assert.InRange(Environment.TickCount64 - since, 29_000, 40_000);
        slow.StartReading();
        await slow.ExpectEndAsync();
    }
}
