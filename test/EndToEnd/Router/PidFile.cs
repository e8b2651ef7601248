namespace Forkpty.EndToEnd;

public sealed class PidFile
{
    [Theory(Timeout = Patience.Test)]
    [InlineData(RouterKind.Fpty)]
    [InlineData(RouterKind.Uwsgi)]
    public async Task It_holds_the_routers_process_id(RouterKind router)
    {
        using var directory = new TempDirectory();
        await using var process = await RouterProcess.StartAsync(router, new RouterSetup().With("pidfile", directory["pid"]));

        Assert.Equal($"{process.ProcessId}\n", File.ReadAllText(directory["pid"]));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task The_second_one_is_written_without_a_jail_too_and_both_are_gone_at_the_end()
    {
        using var directory = new TempDirectory();
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup().With("pidfile", directory["1"]).With("pidfile2", directory["2"]));

        Assert.Equal($"{process.ProcessId}\n", File.ReadAllText(directory["1"]));
        Assert.Equal($"{process.ProcessId}\n", File.ReadAllText(directory["2"]));

        await process.SignalAsync("TERM");
        await process.ExpectExitAsync();
        Assert.False(File.Exists(directory["1"]) || File.Exists(directory["2"]));
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData("pidfile")]
    [InlineData("pidfile2")]
    public async Task One_that_cannot_be_written_is_named(string option)
    {
        using var directory = new TempDirectory();

        var result = await Command.RunAsync([Binaries.Fpty, "--forkpty-router", directory["r"], $"--{option}", directory["missing/pid"]]);

        Assert.NotEqual(0, result.Status);
        Assert.Contains($"--{option} {directory["missing/pid"]}: ", result.Error, StringComparison.Ordinal);
    }
}
