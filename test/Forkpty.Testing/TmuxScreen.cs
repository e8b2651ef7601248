using System.Text.RegularExpressions;

namespace Forkpty.Testing;

/// <summary>A screen that a person would see: a command in a tmux of its own, keys sent to it, its cells read back.</summary>
public sealed class TmuxScreen : IAsyncDisposable
{
    private static int _count;

    private readonly string _server = $"f{Environment.ProcessId:x}-{Interlocked.Increment(ref _count):x}";

    private TmuxScreen()
    {
    }

    /// <summary>Starts a command on a new screen.</summary>
    public static async Task<TmuxScreen> StartAsync(IEnumerable<string> command, int rows = 24, int columns = 80)
    {
        var screen = new TmuxScreen();
        var shellWords = string.Join(' ', command.Select(w => $"'{w}'"));
        await screen.TmuxAsync("-f", "/dev/null", "new-session", "-d", "-x", $"{columns}", "-y", $"{rows}", shellWords, ";", "set", "-g", "status", "off");
        return screen;
    }

    /// <summary>Types text as it stands.</summary>
    public Task TypeAsync(string text) => TmuxAsync("send-keys", "-l", text);

    /// <summary>Presses keys by their tmux names: <c>Enter</c>, <c>C-c</c>, <c>Escape</c>, <c>Up</c>.</summary>
    public Task PressAsync(params string[] keys) => TmuxAsync(["send-keys", .. keys]);

    /// <summary>Types a line and presses Enter.</summary>
    public async Task LineAsync(string line)
    {
        await TypeAsync(line);
        await PressAsync("Enter");
    }

    /// <summary>Changes the size of the screen.</summary>
    public Task ResizeAsync(int rows, int columns) => TmuxAsync("resize-window", "-x", $"{columns}", "-y", $"{rows}");

    /// <summary>The screen as text.</summary>
    public async Task<string> ShowAsync() => await TmuxAsync("capture-pane", "-p");

    /// <summary>The title that a program has given to it.</summary>
    public async Task<string> TitleAsync() => (await TmuxAsync("display-message", "-p", "#{pane_title}")).TrimEnd('\n');

    /// <summary>Looks at the screen until it shows a pattern.</summary>
    public async Task<string> ExpectAsync(string pattern, TimeSpan? within = null)
    {
        var deadline = Environment.TickCount64 + (long)(within ?? Patience.Expectation).TotalMilliseconds;
        while (true)
        {
            var screen = await ShowAsync();
            if (Regex.IsMatch(screen, pattern, RegexOptions.Multiline))
                return screen;
            if (Environment.TickCount64 > deadline)
                throw new ExpectationException($"The screen did not show /{pattern}/ but:\n{screen}");
            await Task.Delay(20);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await Command.RunAsync(["/usr/bin/tmux", "-L", _server, "kill-server"]);

    private async Task<string> TmuxAsync(params string[] arguments)
    {
        var environment = new Dictionary<string, string> { ["TMUX"] = "", ["LC_ALL"] = "C.UTF-8", ["TERM"] = "xterm" };
        var result = await Command.RunAsync(["/usr/bin/tmux", "-L", _server, .. arguments], environment: environment);
        return result.Status == 0 ? result.Output : throw new ExpectationException($"tmux {arguments[0]}: {Excerpt.Of(result.Error)}");
    }
}
