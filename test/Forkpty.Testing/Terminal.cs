using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Forkpty.Testing;

/// <summary>
/// A command on a real terminal, as a terminal emulator runs it. The terminal is made by a small Python program and not
/// by this project, so that what is under test does not test itself; it outlives the command, so that a test can ask
/// whether its settings are what they were.
/// </summary>
public sealed partial class Terminal : ISessionClient
{
    private readonly Process _process;
    private readonly Transcript _control = new("the terminal");
    private readonly Task[] _pumps;
    private readonly SemaphoreSlim _sending = new(1);

    private Terminal(Process process)
    {
        _process = process;
        _pumps =
        [
            Task.Run(() => PumpAsync(process.StandardOutput.BaseStream, Output)),
            Task.Run(() => PumpAsync(process.StandardError.BaseStream, _control)),
        ];
    }

    /// <inheritdoc/>
    public Transcript Output { get; } = new("the command on the terminal");

    /// <summary>The terminal's device, for example <c>/dev/pts/3</c>.</summary>
    public string Device { get; private set; } = "";

    /// <summary>The settings before the command was started.</summary>
    public string FirstSettings { get; private set; } = "";

    /// <summary>The command's process id.</summary>
    public int ProcessId { get; private set; }

    /// <summary>Starts a command on a new terminal.</summary>
    public static async Task<Terminal> StartAsync(
        IEnumerable<string> command,
        int rows = 24,
        int columns = 80,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("/usr/bin/python3")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        string[] arguments = ["-S", "-E", Path.Combine(AppContext.BaseDirectory, "terminal.py"), $"{rows}", $"{columns}", .. command];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["TERM"] = "xterm";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;

        var terminal = new Terminal(Process.Start(start)!);
        terminal.Device = (await terminal._control.ExpectAsync(DeviceLine())).Groups[1].Value;
        terminal.FirstSettings = (await terminal._control.ExpectAsync(SettingsLine())).Groups[1].Value;
        terminal.ProcessId = int.Parse((await terminal._control.ExpectAsync(PidLine())).Groups[1].Value, null);
        return terminal;
    }

    /// <inheritdoc/>
    public Task TypeAsync(string text) => SendAsync('i', Encoding.UTF8.GetBytes(text));

    /// <inheritdoc/>
    public Task ResizeAsync(int rows, int columns)
    {
        var size = new byte[4];
        BinaryPrimitives.WriteUInt16LittleEndian(size, (ushort)rows);
        BinaryPrimitives.WriteUInt16LittleEndian(size.AsSpan(2), (ushort)columns);
        return SendAsync('w', size);
    }

    /// <summary>Sends a signal to the command.</summary>
    public Task SignalAsync(int signal) => SendAsync('k', [(byte)signal]);

    /// <summary>The terminal's settings now.</summary>
    public async Task<string> SettingsAsync()
    {
        await SendAsync('t', []);
        return (await _control.ExpectAsync(SettingsLine())).Groups[1].Value;
    }

    /// <summary>Waits until the command has changed the terminal's settings: a client is then connected and in raw mode.</summary>
    public async Task ExpectRawAsync()
    {
        var deadline = Environment.TickCount64 + (long)Patience.Expectation.TotalMilliseconds;
        while (await SettingsAsync() == FirstSettings)
        {
            if (EndLine().Match(_control.Text) is { Success: true } end)
                throw new ExpectationException($"The command ended with {end.Value.TrimEnd()} and left the terminal as it was:\n{Excerpt.Of(Output.Text)}");
            if (Environment.TickCount64 > deadline)
                throw new ExpectationException($"The command did not set the terminal to raw mode:\n{Excerpt.Of(Output.Text)}");
            await Task.Delay(5);
        }
    }

    /// <summary>Waits for the command's end: its exit status, or 128 plus the signal that ended it.</summary>
    public async Task<int> ExpectExitAsync(TimeSpan? within = null)
    {
        Match end;
        try
        {
            end = EndLine().Match(_control.Text) is { Success: true } over ? over : await _control.ExpectAsync(EndLine(), within);
        }
        catch (ExpectationException e)
        {
            throw new ExpectationException($"{e.Message}\nIts output:\n{Excerpt.Of(Output.Text)}");
        }

        await Output.ExpectLengthAsync(long.Parse(end.Groups[3].Value, null)); // the two streams come by themselves
        var number = int.Parse(end.Groups[2].Value, null);
        return end.Groups[1].Value == "signal" ? 128 + number : number;
    }

    /// <inheritdoc/>
    public Task ExpectOverAsync(TimeSpan? within = null) => ExpectExitAsync(within);

    /// <summary>Closes the terminal, as a person closes a window, and waits until the command is gone.</summary>
    public async Task HangUpAsync()
    {
        await SendAsync('h', []);
        await _control.ExpectAsync("hung up");
    }

    /// <inheritdoc/>
    public async Task LeaveAsync() => await DisposeAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process.HasExited && _pumps.All(p => p.IsCompleted))
            return;
        try
        {
            _process.StandardInput.Close();
            using var deadline = new CancellationTokenSource(Patience.Expectation);
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }

        await Task.WhenAny(Task.WhenAll(_pumps), Task.Delay(1000));
    }

    private async Task SendAsync(char kind, byte[] payload)
    {
        var frame = new byte[5 + payload.Length];
        frame[0] = (byte)kind;
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(1), payload.Length);
        payload.CopyTo(frame, 5);
        await _sending.WaitAsync();
        try
        {
            await _process.StandardInput.BaseStream.WriteAsync(frame);
            await _process.StandardInput.BaseStream.FlushAsync();
        }
        finally
        {
            _sending.Release();
        }
    }

    private static async Task PumpAsync(Stream stream, Transcript transcript)
    {
        var buffer = new byte[65_536];
        int count;
        while ((count = await stream.ReadAsync(buffer)) > 0)
            transcript.Append(buffer.AsSpan(0, count));
        transcript.Finish("the terminal is gone");
    }

    [GeneratedRegex(@"tty (\S+)\n")]
    private static partial Regex DeviceLine();

    [GeneratedRegex(@"settings (.+)\n")]
    private static partial Regex SettingsLine();

    [GeneratedRegex(@"pid (\d+)\n")]
    private static partial Regex PidLine();

    [GeneratedRegex(@"(exit|signal) (\d+) (\d+)\n")]
    private static partial Regex EndLine();
}
