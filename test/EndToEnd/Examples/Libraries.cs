namespace Forkpty.EndToEnd.Examples;

/// <summary>The examples of the two libraries, as `dotnet run` runs them; the build of these tests builds them too.</summary>
public sealed class Libraries
{
    [Fact(Timeout = Patience.Test)]
    public async Task A_program_on_a_terminal()
    {
        var result = await Command.RunAsync([Example("pty")]);

        Assert.Equal((0, ""), (result.Status, result.Error));
        Assert.EndsWith("Hello Ada, your window is 33 111.\r\nThe program ended: exit code 7.\n", result.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Any_program_on_a_terminal()
    {
        var result = await Command.RunAsync([Example("pty"), "tty"]);

        Assert.StartsWith("/dev/pts/", result.Output, StringComparison.Ordinal);
        Assert.EndsWith("The program ended: exit code 0.\n", result.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_router_in_an_application()
    {
        using var directory = new TempDirectory();
        await using var application = await Terminal.StartAsync([Example("embed"), directory["e"]]);
        await application.Output.ExpectAsync($"Serving {directory["e"]}.");

        var session = await Command.RunAsync([Binaries.Fpty, "connect", directory["e"]], "exit 5\n");
        await application.SignalAsync(15);

        Assert.Equal(5, session.Status);
        Assert.Contains($"This is the shell of process {application.ProcessId}.", session.Output, StringComparison.Ordinal);
        Assert.Equal(0, await application.ExpectExitAsync());
        await application.Output.ExpectAsync("\n1 sessions, ");
        Assert.False(File.Exists(directory["e"]));
    }

    private static string Example(string name) => Path.Combine(Binaries.Repository, "artifacts/bin", name, Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), name);
}
