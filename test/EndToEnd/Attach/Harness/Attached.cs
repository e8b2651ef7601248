namespace Forkpty.EndToEnd.Attach;

/// <summary>fpty attach on a terminal of the test, of 33 rows and 99 columns.</summary>
public static class Attached
{
    /// <summary>Runs a shell line in a target: the exit status, and what the terminal showed.</summary>
    public static Task<(int Status, string Output)> RunAsync(RunningTarget target, string line, params string[] options) =>
        ExecuteAsync(target.FullName, ["/bin/sh", "-c", line], options);

    /// <summary>Runs a program in a target.</summary>
    public static async Task<(int Status, string Output)> ExecuteAsync(string target, string[] command, string[] options, TimeSpan? within = null, string? fpty = null)
    {
        await using var terminal = await StartAsync(target, command, options, fpty);
        var status = await terminal.ExpectExitAsync(within);
        return (status, terminal.Output.Text.ReplaceLineEndings("\n").TrimEnd('\n'));
    }

    /// <summary>Starts it.</summary>
    /// <param name="target">As a person names it.</param>
    /// <param name="command">Empty for the user's shell.</param>
    /// <param name="options">Options of the verb.</param>
    /// <param name="fpty">Another one than the usual build.</param>
    public static Task<Terminal> StartAsync(string target, string[] command, string[]? options = null, string? fpty = null) =>
        Terminal.StartAsync([fpty ?? Binaries.Fpty, "attach", .. options ?? [], target, .. command.Length > 0 ? ["--", .. command] : Array.Empty<string>()], rows: 33, columns: 99);
}
