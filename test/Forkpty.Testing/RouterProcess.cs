using System.Diagnostics;
using System.Text.RegularExpressions;
using Xunit;

namespace Forkpty.Testing;

/// <summary>A router in its own process, with its own directory and its log.</summary>
public sealed partial class RouterProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly TempDirectory _directory;
    private readonly bool _ownsDirectory;

    private RouterProcess(Process process, RouterKind kind, TempDirectory directory, bool ownsDirectory, RouterSetup setup)
    {
        _process = process;
        _directory = directory;
        _ownsDirectory = ownsDirectory;
        Kind = kind;
        RawAddress = setup.RawAddress ?? directory["r"];
        UwsgiAddress = setup.UwsgiAddress ?? directory["u"];
        _ = FollowAsync(process);
        process.StandardInput.Write(setup.Input);
        process.StandardInput.Close();
    }

    /// <summary>Ours or the oracle.</summary>
    public RouterKind Kind { get; }

    /// <summary>Address of the raw socket.</summary>
    public string RawAddress { get; }

    /// <summary>Address of the socket in uwsgi mode.</summary>
    public string UwsgiAddress { get; }

    /// <summary>What the router has said.</summary>
    public Transcript Log { get; } = new("the router's log");

    /// <summary>The process that was started.</summary>
    public int ProcessId => _process.Id;

    /// <summary>The process that serves the sessions (uWSGI has a master before it).</summary>
    public int ServingProcessId { get; private set; }

    /// <summary>The process's exit status, once it has exited.</summary>
    public int ExitStatus => _process.ExitCode;

    /// <summary>Starts a router and waits until its sockets listen.</summary>
    public static async Task<RouterProcess> StartAsync(RouterKind kind, RouterSetup? setup = null, TempDirectory? directory = null)
    {
        var router = Launch(kind, setup ?? new RouterSetup(), directory);
        try
        {
            await router.WaitUntilListeningAsync(setup?.OwnSockets ?? true);
            return router;
        }
        catch
        {
            await router.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a router and does not wait for anything.</summary>
    public static RouterProcess Launch(RouterKind kind, RouterSetup setup, TempDirectory? directory = null)
    {
        var ownsDirectory = directory is null;
        directory ??= new TempDirectory();
        var command = CommandLine(kind, setup, setup.RawAddress ?? directory["r"], setup.UwsgiAddress ?? directory["u"]);
        var process = Command.Start(command, setup.Environment);
        return new RouterProcess(process, kind, directory, ownsDirectory, setup);
    }

    /// <summary>The address for a kind of wire.</summary>
    public string Address(Wire wire) => wire == Wire.Raw ? RawAddress : UwsgiAddress;

    /// <summary>Facts of the process that serves.</summary>
    public ProcessFacts Facts() => ProcessFacts.Of(ServingProcessId);

    /// <summary>Waits until an address of this machine listens, without connecting to it: a connection is a session.</summary>
    public async Task WaitUntilListeningAsync(string address, TimeSpan? within = null)
    {
        await Patience.UntilAsync(() => IsListening(address) || _process.HasExited, $"a listener on {address}\n{Excerpt.Of(Log.Text)}", within);
        if (!IsListening(address))
        {
            await Log.ExpectEndAsync(TimeSpan.FromSeconds(1));
            throw new ExpectationException($"The router ended with {_process.ExitCode} before it listened on {address}:\n{Excerpt.Of(Log.Text)}");
        }
    }

    /// <summary>Sends a signal to the process that was started.</summary>
    public Task SignalAsync(string signal) => Command.SignalAsync(ProcessId, signal);

    /// <summary>Waits for the router's end; its exit status.</summary>
    public async Task<int> ExpectExitAsync(TimeSpan? within = null)
    {
        using var deadline = new CancellationTokenSource(within ?? Patience.Expectation);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
            return _process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            throw new ExpectationException($"The router did not end. Its log:\n{Excerpt.Of(Log.Text)}");
        }
    }

    /// <summary>Kills the router and all it has started at once, and waits for its end.</summary>
    public async Task KillAsync()
    {
        // uWSGI's sessions ignore the hang-up, so each is killed by its id; a stopped master starts no more of them meanwhile.
        if (Kind == RouterKind.Uwsgi)
            await SignalAsync("STOP");
        var everybody = ProcessFacts.Descendants(ProcessId);
        _process.Kill();
        foreach (var pid in everybody)
            KillQuietly(pid);
        await ExpectExitAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
        TestContext.Current.TestOutputHelper?.WriteLine($"log of {Kind}, process {ServingProcessId}:\n{Excerpt.Of(Log.Text)}");
        if (_ownsDirectory)
            _directory.Dispose();
    }

    private static List<string> CommandLine(RouterKind kind, RouterSetup setup, string raw, string uwsgi)
    {
        var ours = kind == RouterKind.Fpty;
        List<string> words = [.. setup.Wrapper];
        words.AddRange(ours ? [setup.Executable ?? Binaries.Fpty] : ["/usr/bin/uwsgi", "--plugin", "forkptyrouter,pty", "--master", "--die-on-term"]);
        if (setup.OwnSockets)
            words.AddRange(["--forkpty-router", raw, "--forkpty-urouter", uwsgi]);
        if (setup.Command is { } command)
            words.AddRange(["--forkptyrouter-command", command]);
        foreach (var (name, value) in setup.Options)
            words.AddRange(value is null ? ["--" + name] : ["--" + name, value]);
        words.AddRange(setup.Arguments);
        return words;
    }

    private async Task WaitUntilListeningAsync(bool ownSockets)
    {
        ServingProcessId = ProcessId;
        if (ownSockets)
        {
            await WaitUntilListeningAsync(RawAddress);
            await WaitUntilListeningAsync(UwsgiAddress);
        }

        if (Kind == RouterKind.Uwsgi)
            ServingProcessId = int.Parse((await Log.ExpectAsync(GatewayLine())).Groups[1].Value, null);
    }

    private static bool IsListening(string address)
    {
        if (address.StartsWith('/') || address.StartsWith('@'))
        {
            // uWSGI ends an abstract name with a NUL byte, which this table shows as one more @.
            return File.ReadLines("/proc/net/unix").Any(l =>
                (l.EndsWith(" " + address, StringComparison.Ordinal) || (address[0] == '@' && l.EndsWith(" " + address + "@", StringComparison.Ordinal)))
                && l.Split(' ')[3] == "00010000");
        }

        // A TCP listener: state 0A, the port in hexadecimal after the last colon of the second field.
        var port = $":{int.Parse(address[(address.LastIndexOf(':') + 1)..], null):X4}";
        string[] tables = ["/proc/net/tcp", "/proc/net/tcp6"];
        return tables.SelectMany(File.ReadLines)
            .Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Any(f => f[1].EndsWith(port, StringComparison.Ordinal) && f[3] == "0A");
    }

    private static void KillQuietly(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            process.Kill();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // Gone already.
        }
    }

    private async Task FollowAsync(Process process)
    {
        await Task.WhenAll(PumpAsync(process.StandardOutput.BaseStream), PumpAsync(process.StandardError.BaseStream));
        Log.Finish("the router has closed its log");
    }

    private async Task PumpAsync(Stream stream)
    {
        var buffer = new byte[16_384];
        int count;
        while ((count = await stream.ReadAsync(buffer)) > 0)
            Log.Append(buffer.AsSpan(0, count));
    }

    [GeneratedRegex(@"spawned uWSGI forkptyrouter \d+ \(pid: (\d+)\)")]
    private static partial Regex GatewayLine();
}
