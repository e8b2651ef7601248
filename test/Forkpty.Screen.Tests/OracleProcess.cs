using System.Diagnostics;
using System.Text.Json;

namespace Forkpty.Screen.Tests;

/// <summary>xterm.js in a node process, shared by all tests; its packages are installed where they are missing.</summary>
internal sealed class OracleProcess
{
    private static readonly Lazy<OracleProcess> One = new(() => new OracleProcess());

    private readonly Process _process;
    private readonly Lock _lock = new();
    private int _ids;

    private OracleProcess()
    {
        string folder = Path.Combine(Folders.Tests, "oracle");
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "@xterm", "addon-unicode11")))
            Install(folder);
        _process = Process.Start(new ProcessStartInfo("node", [Path.Combine(folder, "oracle.cjs")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = folder,
        })!;
    }

    public static OracleProcess Shared => One.Value;

    public int NewId() => Interlocked.Increment(ref _ids);

    public string? Ask(params object[] command)
    {
        lock (_lock)
        {
            _process.StandardInput.WriteLine(JsonSerializer.Serialize(command));
            _process.StandardInput.Flush();
            string line = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the oracle has ended: see its messages above");
            using var reply = JsonDocument.Parse(line);
            if (reply.RootElement.TryGetProperty("error", out JsonElement error))
                throw new InvalidOperationException($"the oracle failed at {command[0]}: {error.GetString()}");
            return reply.RootElement.GetProperty("ok").GetString();
        }
    }

    private static void Install(string folder)
    {
        using Process npm = Process.Start(new ProcessStartInfo("npm", ["ci", "--no-audit", "--no-fund"]) { WorkingDirectory = folder })!;
        npm.WaitForExit();
        if (npm.ExitCode != 0)
            throw new InvalidOperationException($"`npm ci` in {folder} ended with {npm.ExitCode}; the tests of the screen compare with @xterm/headless");
    }
}
