using System.Diagnostics;

namespace Forkpty.EndToEnd.Sessions;

public sealed class SilentViewer
{
    [Fact(Timeout = Patience.HeavyTest)]
    public async Task It_changes_nothing_for_others_and_costs_at_most_4_MiB()
    {
        const int Flood = 200_000_000;
        string shell = $"stty raw -echo; printf go; for size in 20000000 {Flood}; do head -c 1 >/dev/null; yes 'a line of some text in a flood' | head -c $size; done; printf over-$((1+1)); exec cat";
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var driver = await SessionPeer.OpenAsync(router, Request.Open("work", shell: shell, onDisconnect: "keep"), keepsOutput: false);
        await driver.ExpectOutputLengthAsync(2);
        await driver.TypeAsync("x"); // the history and all buffers as big as they get
        await driver.ExpectOutputLengthAsync(20_000_002);
        int memory = ProcessFacts.ResidentKiB(router.ProcessId);
        await using var viewer = await SessionPeer.OpenUnreadAsync(router, Request.Attach("work", "viewer"));
        await driver.ExpectAsync(PacketType.Notice, notice => notice.Text("event") == "attached");

        int most = 0;
        await driver.TypeAsync("x");
        while (driver.OutputLength < 20_000_000 + (long)Flood)
        {
            await driver.ExpectOutputLengthAsync(Math.Min(driver.OutputLength + 5_000_000, 20_000_002 + (long)Flood));
            most = Math.Max(most, ProcessFacts.ResidentKiB(router.ProcessId));
        }

        await driver.ExpectOutputLengthAsync(20_000_002 + (long)Flood + "over-2".Length);
        Assert.InRange(most - memory, int.MinValue, 4 * 1024);

        viewer.StartReading();
        await ExpectEndOfFloodAsync(viewer);
        Assert.InRange(viewer.OutputLength, 0, 4 * 1024 * 1024);
        await driver.TypeAsync("still here");
        await viewer.Output.ExpectAsync("still here");
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task The_driver_is_as_quick_beside_it_as_alone()
    {
        const int Flood = 20_000_000;
        string shell = $"stty raw -echo; printf go; while :; do head -c 1 >/dev/null; yes 'a line of some text in a flood' | head -c {Flood}; done";
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var driver = await SessionPeer.OpenAsync(router, Request.Open("work", shell: shell, onDisconnect: "keep"), keepsOutput: false);
        await driver.ExpectOutputLengthAsync(2);
        await TimeAsync(); // buffers grow

        double best = 0;
        for (int round = 0; round < 3 && best < 0.7; round++)
        {
            TimeSpan alone = await TimeAsync();
            await using var viewer = await SessionPeer.OpenUnreadAsync(router, Request.Attach("work", "viewer"));
            await driver.ExpectAsync(PacketType.Notice, notice => notice.Text("event") == "attached");
            best = Math.Max(best, alone / await TimeAsync());
        }

        Assert.InRange(best, 0.7, double.MaxValue);

        async Task<TimeSpan> TimeAsync()
        {
            long until = driver.OutputLength + Flood;
            long begin = Stopwatch.GetTimestamp();
            await driver.TypeAsync("x");
            await driver.ExpectOutputLengthAsync(until);
            return Stopwatch.GetElapsedTime(begin);
        }
    }

    [Fact(Timeout = Patience.Test)]
    public async Task One_that_fell_behind_sees_the_screen_as_it_is_by_then()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var driver = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "stty -echo; echo go; read x; seq 1 400000; echo over-$((1+1)); cat", onDisconnect: "keep"));
        await driver.Output.ExpectAsync("go\r\n");
        await using var viewer = await SessionPeer.OpenUnreadAsync(router, Request.Attach("work", "viewer"));
        await driver.ExpectAsync(PacketType.Notice, notice => notice.Text("event") == "attached");
        await driver.TypeAsync("\r");
        await driver.Output.ExpectAsync("over-2\r\n");

        viewer.StartReading();
        await ExpectEndOfFloodAsync(viewer);

        string was = await PaintedScreen.OfAsync(driver.Output.Bytes);
        string isNow = await PaintedScreen.OfAsync(viewer.Stream.Bytes);
        Assert.Equal(Last(was), Last(isNow));

        // The cells of the screen itself: how much scrollback a viewer has missed is not promised.
        static string Last(string painted) => string.Join('\n', painted.TrimEnd('\n').Split('\n').Reverse().Take(20));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task One_that_asks_for_the_screen_before_it_has_taken_it_gets_it_once()
    {
        const string Colored = "awk 'BEGIN { for (i = 0; i < 60000; i++) printf \"\\033[38;2;%d;0;200;48;2;%d;100;200mx\", 100 + i % 25, 100 + i % 24 }'; echo over-$((1+1)); exec cat";
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var driver = await SessionPeer.OpenAsync(router, Request.Open("work", shell: Colored, onDisconnect: "keep"), rows: 200, columns: 300);
        await driver.Output.ExpectAsync("over-2\r\n");
        await using var viewer = await SessionPeer.OpenUnreadAsync(router, Request.Attach("work", "viewer"));
        await driver.ExpectAsync(PacketType.Notice, notice => notice.Text("event") == "attached");

        await viewer.SendAsync(PacketType.Redraw);
        await viewer.SendAsync(PacketType.Redraw);
        await driver.SettleAsync();
        await driver.SettleAsync(); // on the same lane: it has read the viewer by now
        viewer.StartReading();

        await viewer.SettleAsync();
        Assert.InRange(viewer.Screen.Bytes.Length, 1_500_000, 3 << 20);
        await viewer.SendAsync(PacketType.Redraw);
        await viewer.SettleAsync();
        Assert.InRange(viewer.Screen.Bytes.Length, 3_000_000, 6 << 20);
    }

    /// <summary>Whether it comes as output or as the screen by then.</summary>
    private static Task ExpectEndOfFloodAsync(SessionPeer viewer) => Patience.UntilAsync(
        () => viewer.Output.Text.Contains("over-2", StringComparison.Ordinal) || viewer.Screen.Text.Contains("over-2", StringComparison.Ordinal), "the end of the flood for the viewer");
}
