using System.Text;

namespace Forkpty.EndToEnd.Sessions;

/// <summary>What a terminal shows after some bytes: tmux is the terminal.</summary>
internal static class PaintedScreen
{
    private const string State =
        "cursor #{cursor_x},#{cursor_y} visible #{cursor_flag} alternate #{alternate_on} cursor-keys #{keypad_cursor_flag} keypad #{keypad_flag} "
        + "mouse #{mouse_any_flag}#{mouse_standard_flag}#{mouse_button_flag}#{mouse_sgr_flag} insert #{insert_flag} origin #{origin_flag} wrap #{wrap_flag} "
        + "region #{scroll_region_upper}-#{scroll_region_lower}";

    // What 0x60 to 0x7E are in the set of line drawing.
    private const string LineDrawing = "◆▒␉␌␍␊°±␤␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·";

    private static int _count;

    /// <summary>Cells with their attributes, scrollback (where <paramref name="history"/> is of interest), cursor and modes, as text.</summary>
    public static async Task<string> OfAsync(byte[] bytes, int rows = 24, int columns = 80, bool history = true)
    {
        string server = $"p{Environment.ProcessId:x}-{Interlocked.Increment(ref _count):x}";
        using var directory = new TempDirectory();
        await File.WriteAllBytesAsync(directory["bytes"], [.. bytes, .. Encoding.ASCII.GetBytes($"\e]2;{server}\e\\")]);
        string configuration = directory.Write("tmux.conf", "set -g status off\nset -g history-limit 5000\nset -g default-terminal tmux-256color\n");
        try
        {
            await TmuxAsync("-f", configuration, "new-session", "-d", "-x", $"{columns}", "-y", $"{rows}", $"stty raw -echo; cat {directory["bytes"]}; exec sleep 1000");
            long deadline = Environment.TickCount64 + (long)Patience.Expectation.TotalMilliseconds;
            while ((await TmuxAsync("display-message", "-p", "#{pane_title}")).TrimEnd() != server)
            {
                if (Environment.TickCount64 > deadline)
                    throw new ExpectationException($"tmux did not come to the end of {bytes.Length} bytes.");
                await Task.Delay(10);
            }

            return await TmuxAsync("display-message", "-p", State) + WithoutShifts(await TmuxAsync("capture-pane", "-p", "-e", "-S", history ? "-" : "0"));
        }
        finally
        {
            await Command.RunAsync(["/usr/bin/tmux", "-L", server, "kill-server"]);
        }

        async Task<string> TmuxAsync(params string[] arguments)
        {
            var environment = new Dictionary<string, string> { ["TMUX"] = "", ["LC_ALL"] = "C.UTF-8", ["TERM"] = "xterm" };
            var result = await Command.RunAsync(["/usr/bin/tmux", "-L", server, .. arguments], environment: environment);
            return result.Status == 0 ? result.Output : throw new ExpectationException($"tmux {arguments[0]}: {result.Error}");
        }
    }

    /// <summary>A cell drawn by the set of line drawing and one of the same character in Unicode look the same, and tmux tells them apart.</summary>
    private static string WithoutShifts(string captured)
    {
        bool drawing = false;
        var text = new StringBuilder();
        foreach (char c in captured)
        {
            if (c is '\x0e' or '\x0f')
                drawing = c == '\x0e';
            else
                text.Append(drawing && c is >= '`' and <= '~' ? LineDrawing[c - '`'] : c);
        }

        return text.ToString();
    }
}
