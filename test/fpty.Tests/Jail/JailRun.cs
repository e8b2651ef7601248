using System.Diagnostics;
using Xunit;

namespace Forkpty.Jail;

/// <summary>One start of the jail, killed at the end with everything below it.</summary>
internal sealed class JailRun : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly List<string> _output = [];

    private JailRun(string program, IEnumerable<string> arguments)
    {
        _process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts the jail with options; in front of it possibly another program, such as <c>unshare -pf</c>.</summary>
    public static JailRun Start(JailHostProgram host, string[] options, params string[] before)
    {
        string[] all = [.. before, host.Path, .. options];
        return new JailRun(all[0], all[1..]);
    }

    /// <summary>The process that was started, the one an operator signals.</summary>
    public int Pid => _process.Id;

    /// <summary>The lowest process of the tree: the router.</summary>
    public int Router => ProcFiles.Tree(Pid)[^1];

    /// <summary>What it said before it was ready.</summary>
    public IReadOnlyList<string> Output => _output;

    public Task<string> Errors { get; }

    /// <summary>Waits until every stage is done and the "router" serves.</summary>
    public async Task<JailRun> ReadyAsync()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (await _process.StandardOutput.ReadLineAsync(deadline.Token) is { } line)
        {
            if (line.StartsWith("ready ", StringComparison.Ordinal))
                return this;
            _output.Add(line);
        }
        throw new InvalidOperationException($"it ended before it was ready: {await Errors}");
    }

    public void Signal(string name) => JailHostProgram.Run("kill", "-" + name, $"{Pid}");

    /// <summary>The exit status; what was still said is in <see cref="Output"/>.</summary>
    public async Task<int> ExitAsync()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (await _process.StandardOutput.ReadLineAsync(deadline.Token) is { } line)
            _output.Add(line);
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    /// <summary>Waits until a condition holds; there is no event for what other processes do.</summary>
    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        long end = Environment.TickCount64 + (long)Deadline.TotalMilliseconds;
        while (!condition())
        {
            Assert.True(Environment.TickCount64 < end, $"still not: {what}");
            await Task.Delay(5);
        }
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }
}
