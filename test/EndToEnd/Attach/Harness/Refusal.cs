namespace Forkpty.EndToEnd.Attach;

/// <summary>An attach that must not come about.</summary>
public static class Refusal
{
    /// <summary>Attaches, and expects status 255, a sentence, and that no program has run.</summary>
    /// <param name="target">The target.</param>
    /// <param name="sentence">A part of it.</param>
    /// <param name="through">A command that executes fpty.</param>
    public static Task ExpectAsync(RunningTarget target, string sentence, params string[] through) =>
        ExpectAsync(target.ProcessId, "/tmp/ran", target.Root["tmp/ran"], sentence, through);

    /// <summary>The same for a process; the program would make a file, which has another path outside.</summary>
    public static async Task ExpectAsync(int target, string inside, string outside, string sentence, params string[] through)
    {
        await using var terminal = await Terminal.StartAsync([.. through, Binaries.Fpty, "attach", $"{target}", "--", "/bin/sh", "-c", $"echo ran | tee {inside}"]);

        Assert.Equal(255, await terminal.ExpectExitAsync());

        Assert.Contains(sentence, terminal.Output.Text, StringComparison.Ordinal);
        Assert.Single(terminal.Output.Text.Trim().Split('\n'));
        Assert.False(File.Exists(outside), "the program has run");
    }
}
