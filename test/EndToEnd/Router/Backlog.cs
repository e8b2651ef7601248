namespace Forkpty.EndToEnd;

public sealed class Backlog
{
    [Theory(Timeout = Patience.Test)]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task As_many_clients_may_wait_as_listen_says(bool inAJail, bool afterAnUpgrade)
    {
        Assert.SkipUnless(!inAJail || Environment.UserName == "root", "a jail needs root");
        var setup = new RouterSetup().With("listen", "77");
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty, inAJail ? setup.With("unshare", "uts") : setup);
        await process.Log.ExpectAsync("listening on"); // in the jail, where it listens once more
        if (afterAnUpgrade)
            Assert.Equal(0, (await Command.RunAsync([Binaries.Fpty, "upgrade", process.UwsgiAddress])).Status);

        Assert.Equal("77", await OfAsync(process.RawAddress));
    }

    internal static Task<string> OfAsync(string path) => Command.ShellAsync($"ss -xlnH src {path} | awk '{{ print $4 }}'");
}
