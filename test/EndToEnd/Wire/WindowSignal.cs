using System.Text.RegularExpressions;

namespace Forkpty.EndToEnd;

public sealed class WindowSignal
{
    private const int Resizes = 30;

    // Python's C handler runs at once for each signal, so that two signals are two lines where the kernel has not merged them.
    private const string Watcher = """
        import os, signal
        r, w = os.pipe()
        os.set_blocking(w, False)
        signal.signal(signal.SIGWINCH, lambda *_: None)
        signal.set_wakeup_fd(w)
        print("watching", flush=True)
        while True:
            os.read(r, 1)
            size = os.get_terminal_size()
            print("winch %d %d." % (size.lines, size.columns), flush=True)
        """;

    [Theory(Timeout = Patience.Test)]
    [InlineData(RouterKind.Fpty)]
    [InlineData(RouterKind.Uwsgi)]
    public async Task A_pair_of_rows_and_columns_is_one_change_of_size(RouterKind router)
    {
        using var directory = new TempDirectory();
        var script = directory.Write("watch.py", Watcher);
        var setup = new RouterSetup { Command = $"exec /usr/bin/python3 -S {script}" };
        await using var talk = await Conversation.OpenAsync(ClientKind.Socket, router, Wire.Uwsgi, setup);
        await talk.Client.ResizeAsync(20, 70);
        await talk.Output.ExpectAsync("watching");

        for (var i = 1; i <= Resizes; i++)
        {
            await talk.Client.ResizeAsync(20 + i, 70 + i);
            await talk.Output.ExpectAsync($"winch {20 + i} {70 + i}.");
        }

        var seen = Regex.Count(talk.Output.Text, "winch");
        if (router == RouterKind.Fpty)
            Assert.Equal(Resizes, seen);
        else
            Assert.InRange(seen, Resizes, 2 * Resizes + 2); // uWSGI sets rows and columns one after the other
    }
}
