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
}
