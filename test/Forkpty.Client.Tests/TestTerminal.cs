using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Forkpty.Tests;

/// <summary>A shell script on a terminal of its own, which starts the client as a person would; what appears on the screen is kept.</summary>
internal sealed class TestTerminal : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly PtyProcess _shell;
    private readonly StringBuilder _screen = new();
    private readonly Task _reading;
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _seen; // what WaitFor has found already

    private TestTerminal(PtyProcess shell)
    {
        _shell = shell;
        _reading = ReadAsync();
    }

    public static string Executable => Environment.ProcessPath!;

    /// <summary>The client in the foreground of a terminal. The script tells its pid, its exit status and the settings before and after.</summary>
    public static async Task<TestTerminal> StartClientAsync(TestRouter router, WindowSize? size = null, string escape = "~", string redirect = "")
    {
        TestTerminal terminal = await StartAsync(
            $"""
            stty -a > {router.Directory}/before
            sh -c 'echo pid:$$ >&2; exec "$0" "$@"' {Executable} client {router.Address} {router.Mode} '{escape}' {redirect}
            echo "status:$?"
            stty -a > {router.Directory}/after
            echo finished
            """,
            size);
        await terminal.WaitFor("pid:");
        return terminal;
    }

    /// <summary>The same on a router of the session protocol.</summary>
    /// <param name="router">The router.</param>
    /// <param name="open">What to ask for, as the JSON of OPEN; empty for the default session.</param>
    /// <param name="reconnect">Seconds for which a lost connection is tried again.</param>
    public static async Task<TestTerminal> StartSessionAsync(SessionRouter router, string open = "", double reconnect = 60)
    {
        TestTerminal terminal = await StartAsync(
            $$"""
            stty -a > {{router.Directory}}/before
            sh -c 'echo pid:$$ >&2; exec "$0" "$@"' {{Executable}} client {{router.Address}} Uwsgi '~' '{{open}}' {{reconnect.ToString(CultureInfo.InvariantCulture)}}
            echo "status:$?"
            stty -a > {{router.Directory}}/after
            echo finished
            """);
        await terminal.WaitFor("pid:");
        return terminal;
    }

    public static async Task<TestTerminal> StartAsync(string script, WindowSize? size = null)
    {
        var command = new PtyCommand("/bin/sh") { Arguments = ["-c", script], Size = size ?? WindowSize.Default };
        return new TestTerminal(await PtyProcess.StartAsync(command));
    }

    public string Screen
    {
        get
        {
            lock (_screen) return _screen.ToString();
        }
    }

    public int ClientPid => int.Parse(After("pid:"), CultureInfo.InvariantCulture);

    public int ClientStatus => int.Parse(After("status:"), CultureInfo.InvariantCulture);

    public void Resize(WindowSize size) => _shell.Resize(size);

    public async Task Type(string text) => await _shell.WriteAsync(Encoding.UTF8.GetBytes(text)).AsTask().WaitAsync(Patience);

    public Task Type(byte[] bytes) => _shell.WriteAsync(bytes).AsTask().WaitAsync(Patience);

    /// <summary>The settings as they are now.</summary>
    public string Settings() => Shell.Run($"stty -a -F {_shell.Terminal.Name}");

    public void Signal(string name) => Shell.Run($"kill -{name} {ClientPid}");

    /// <summary>Waits until a text appears after the last one that was waited for.</summary>
    public async Task WaitFor(string text, TimeSpan? patience = null)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            Task more;
            lock (_screen)
            {
                int at = _screen.ToString().IndexOf(text, _seen, StringComparison.Ordinal);
                if (at >= 0)
                {
                    _seen = at + text.Length;
                    return;
                }

                more = _more.Task;
            }

            if (watch.Elapsed > (patience ?? Patience)) throw new TimeoutException($"\"{text}\" did not appear. On the screen: {Screen}");
            await Task.WhenAny(more, Task.Delay(200), _reading.IsCompleted ? Task.Delay(50) : _reading);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _shell.DisposeAsync();
        await _shell.WaitForExitAsync().WaitAsync(Patience);
    }

    private string After(string label)
    {
        string screen = Screen;
        int at = screen.IndexOf(label, StringComparison.Ordinal) + label.Length;
        return new string([.. screen[at..].TakeWhile(char.IsAsciiDigit)]);
    }

    private async Task ReadAsync()
    {
        byte[] buffer = new byte[16 * 1024];
        while (true)
        {
            int count;
            try
            {
                count = await _shell.ReadAsync(buffer);
            }
            catch (Exception e) when (e is ObjectDisposedException or KernelException or OperationCanceledException)
            {
                return;
            }

            if (count == 0) return;
            lock (_screen)
            {
                _screen.Append(Encoding.UTF8.GetString(buffer, 0, count));
                TaskCompletionSource more = _more;
                _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
                more.SetResult();
            }
        }
    }
}
