namespace Forkpty.EndToEnd;

public sealed class Vacuum
{
    [Theory(Timeout = Patience.Test)]
    [InlineData(RouterKind.Fpty)]
    [InlineData(RouterKind.Uwsgi)]
    public async Task Sockets_and_pid_file_are_removed_at_exit(RouterKind router)
    {
        using var directory = new TempDirectory();
        var setup = new RouterSetup { Options = [("vacuum", null), ("pidfile", directory["pid"])] };
        await using var process = await RouterProcess.StartAsync(router, setup, directory);
        Assert.True(File.Exists(directory["pid"]));

        await process.SignalAsync("TERM");
        await process.ExpectExitAsync();

        Assert.False(File.Exists(process.RawAddress));
        Assert.False(File.Exists(process.UwsgiAddress));
        if (router == RouterKind.Fpty)
            Assert.False(File.Exists(directory["pid"]));
    }
}
