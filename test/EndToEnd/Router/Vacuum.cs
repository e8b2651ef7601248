namespace Forkpty.EndToEnd;

public sealed class Vacuum
{
    [Fact(Timeout = Patience.Test)]
    public async Task Sockets_and_pid_file_are_removed_at_exit()
    {
        using var directory = new TempDirectory();
        var setup = new RouterSetup { Options = [("vacuum", null), ("pidfile", directory["pid"])] };
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty, setup, directory);
        await Patience.UntilAsync(() => File.Exists(directory["pid"]), "the pid file");

        await process.SignalAsync("TERM");
        await process.ExpectExitAsync();

        Assert.False(File.Exists(process.RawAddress));
        Assert.False(File.Exists(process.UwsgiAddress));
        Assert.False(File.Exists(directory["pid"]));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task In_uwsgi_the_sockets_of_the_router_stay()
    {
        await using var process = await RouterProcess.StartAsync(RouterKind.Uwsgi, new RouterSetup().With("vacuum"));

        await process.SignalAsync("TERM");
        await process.ExpectExitAsync();

        Assert.True(File.Exists(process.RawAddress));
    }
}
