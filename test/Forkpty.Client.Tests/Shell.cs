using System.Diagnostics;

namespace Forkpty.Tests;

internal static class Shell
{
    /// <summary>The output of a command, both streams; its exit status where asked for.</summary>
    public static string Run(string command) => Run(command, out _);

    public static string Run(string command, out int status)
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardOutput = true, RedirectStandardInput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"exec 2>&1; {command}");
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        if (!process.WaitForExit(60_000)) throw new TimeoutException(command);
        status = process.ExitCode;
        return output;
    }
}
