namespace Forkpty.EndToEnd;

/// <summary>The first command of a newcomer, in this checkout; <c>out/fpty</c> is there, and stays as it is.</summary>
public sealed class MakeRun
{
    private static readonly string[] Make = ["/usr/bin/make", "--directory", Binaries.Repository, "--old-file=out/fpty", "--silent", "run"];

    private static bool IsMissing => !File.Exists(Path.Combine(Binaries.Repository, "out/fpty"));

    [Fact(Timeout = Patience.Test)]
    public async Task Piped_lines_run_and_nothing_is_left_over()
    {
        Assert.SkipWhen(IsMissing, "out/fpty is not built");
        using var directory = new TempDirectory();

        var result = await Command.RunAsync(Make, "hostname\n", environment: In(directory));

        Assert.Equal(0, result.Status);
        Assert.Contains(Environment.UserName == "root" ? "iaminajail\r\n" : "\n", result.Output, StringComparison.Ordinal);
        await ExpectNothingLeftAsync(directory);
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData("exit")]
    [InlineData("exit 3")] // the shell's own status is no failure of the trial
    public async Task On_a_terminal_it_is_a_shell_and_nothing_is_left_over(string end)
    {
        Assert.SkipWhen(IsMissing, "out/fpty is not built");
        using var directory = new TempDirectory();
        await using var terminal = await Terminal.StartAsync(Make, environment: In(directory));
        await terminal.ExpectRawAsync();
        await terminal.TypeAsync("echo here-$((40+2))\r");
        await terminal.Output.ExpectAsync("here-42");

        await terminal.TypeAsync(end + "\r");

        Assert.Equal(0, await terminal.ExpectExitAsync());
        Assert.Equal(terminal.FirstSettings, await terminal.SettingsAsync());
        await terminal.DisposeAsync();
        await ExpectNothingLeftAsync(directory);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_trial_that_fails_is_a_failure_of_make()
    {
        Assert.SkipWhen(IsMissing, "out/fpty is not built");

        var result = await Command.RunAsync(Make, environment: new Dictionary<string, string> { ["TMPDIR"] = "/proc/nowhere" });

        Assert.NotEqual(0, result.Status);
        Assert.Contains("Set TMPDIR to one that you may write to.", result.Error, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> In(TempDirectory directory) => new() { ["TMPDIR"] = directory.Root };

    /// <summary>All that it starts has its TMPDIR, or is gone.</summary>
    private static async Task ExpectNothingLeftAsync(TempDirectory directory)
    {
        Assert.Empty(Directory.GetFileSystemEntries(directory.Root));
        await Patience.UntilAsync(() => !Directory.GetDirectories("/proc").Any(process => HasDirectory(process, directory.Root)), "the end of everything that was started");
    }

    private static bool HasDirectory(string process, string root)
    {
        try
        {
            return File.ReadAllText($"{process}/environ").Split('\0').Contains($"TMPDIR={root}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // no process, or one that has just ended
        }
    }
}
