using Forkpty.EndToEnd.Sessions;

namespace Forkpty.EndToEnd.ClientSessions;

/// <summary>A session has one size. Whose window is smaller sees it wrong, and is told what to do.</summary>
public sealed class SmallWindow
{
    [Fact(Timeout = Patience.Test)]
    public async Task Who_looks_on_is_told_so_and_sees_all_once_his_window_is_as_large()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var driver = await Terminal.StartAsync([Binaries.Fpty, "connect", router.UwsgiAddress, "--name", "work", "--keep"], rows: 50, columns: 132);
        await driver.ExpectRawAsync();
        await driver.TypeAsync("echo up-$((1+1))\r");
        await driver.Output.ExpectAsync("up-2");
        await using var viewer = await Terminal.StartAsync([Binaries.Fpty, "attach", "--read-only", "work", router.UwsgiAddress], rows: 24, columns: 80);

        await viewer.Output.ExpectAsync("up-2");
        await viewer.Output.ExpectAsync("fpty: the session's window has 50 rows and 132 columns, this one 24 and 80: it looks wrong until this one is as large\r\n");
        await viewer.ResizeAsync(50, 132);
        await viewer.Output.ExpectAsync("up-2");

        await driver.ResizeAsync(60, 100);
        await viewer.Output.ExpectAsync("has 60 rows and 100 columns, this one 50 and 132");
        await viewer.ResizeAsync(55, 132);
        await viewer.Output.ExpectAsync("has 60 rows and 100 columns, this one 55 and 132");
        await driver.ResizeAsync(40, 100);
        await viewer.Output.ExpectAsync("up-2");
        Assert.DoesNotContain("the session's window", driver.Output.Text, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Another_driver_is_told_that_typing_takes_it_over()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var large = await Terminal.StartAsync([Binaries.Fpty, "connect", router.UwsgiAddress, "--name", "work", "--keep"], rows: 50, columns: 132);
        await large.ExpectRawAsync();
        await using var small = await Terminal.StartAsync([Binaries.Fpty, "attach", "work", router.UwsgiAddress], rows: 24, columns: 80);
        await large.Output.ExpectAsync("another client has attached");

        await large.TypeAsync("echo $(stty size)\r");

        await large.Output.ExpectAsync("50 132\r\n");
        await small.Output.ExpectAsync("has 50 rows and 132 columns, this one 24 and 80: it looks wrong until this one is as large, or you type here\r\n");
        await small.TypeAsync("echo $(stty size)\r");
        await small.Output.ExpectAsync("24 80\r\n");
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData("--read-only")]
    [InlineData]
    public async Task Who_drags_his_window_costs_the_other_one_sentence_and_not_his_screen(params string[] option)
    {
        const string Sentence = "fpty: the session's window has";
        const string Program = """
            import os, signal, sys
            def show(*_):
                size = os.get_terminal_size()
                os.write(1, f"\x1b[2;1Hsize-{size.lines}x{size.columns}. ".encode())
            signal.signal(signal.SIGWINCH, show)
            os.write(1, b"\x1b[?1049h")
            show()
            while True:
                signal.pause()
            """;
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var driver = await Terminal.StartAsync([Binaries.Fpty, "connect", router.UwsgiAddress, "--name", "work", "--keep", "--", "/usr/bin/python3", "-S", "-c", Program]);
        await driver.Output.ExpectAsync("size-24x80.");
        await using var other = await Terminal.StartAsync([Binaries.Fpty, "attach", .. option, "work", router.UwsgiAddress]);
        await other.Output.ExpectAsync("size-24x80.");
        await driver.TypeAsync(" "); // the size is his again

        for (var step = 1; step <= 40; step++)
        {
            await driver.ResizeAsync(24 + step, 80 + step);
            await driver.Output.ExpectAsync($"size-{24 + step}x{80 + step}.");
        }

        await other.Output.ExpectAsync(Sentence + " 64 rows and 120 columns, this one 24 and 80");
        await other.Output.ExpectAsync("\e8");
        string shown = await PaintedScreen.OfAsync(other.Output.Bytes, history: false);
        Assert.Matches(@"\n\n?size-64x120\.[^f]*fpty: the session's window", shown);

        await driver.ResizeAsync(20, 70);
        await driver.Output.ExpectAsync("size-20x70.");
        await other.Output.ExpectAsync("size-20x70."); // from the program
        await other.Output.ExpectAsync("size-20x70."); // drawn anew, since it fits again
        await other.Output.ExpectAsync("\e[2;12H"); // the cursor, with which drawing ends
        Assert.Equal(2, other.Output.Text.Split(Sentence).Length);
        Assert.DoesNotContain("fpty:", await PaintedScreen.OfAsync(other.Output.Bytes, history: false), StringComparison.Ordinal);
    }
}
