namespace Forkpty.EndToEnd.Attach;

/// <summary>fpty attach on a terminal of the test.</summary>
public static class Attached
{
    /// <summary>Runs a shell line in a target, on a terminal of 33 rows and 99 columns: the exit status, and what the terminal showed.</summary>
    public static Task<(int Status, string Output)> RunAsync(RunningTarget target, string line, params string[] options) =>
        ExecuteAsync(target.ProcessId, ["/bin/sh", "-c", line], options);

    /// <summary>Runs a program in a target.</summary>
    public static async Task<(int Status, string Output)> ExecuteAsync(int target, string[] command, string[] options, TimeSpan? within = null)
    {
        await using var terminal = await StartAsync(target, command, options);
        var status = await terminal.ExpectExitAsync(within);
        return (status, terminal.Output.Text.ReplaceLineEndings("\n").TrimEnd('\n'));
    }

    /// <summary>Starts it.</summary>
    public static Task<Terminal> StartAsync(int target, string[] command, params string[] options) =>
        Terminal.StartAsync([Binaries.Fpty, "attach", .. options, $"{target}", .. command.Length > 0 ? ["--", .. command] : Array.Empty<string>()], rows: 33, columns: 99);
}
