namespace Forkpty.EndToEnd;

public sealed class SeveralSockets
{
    [Theory(Timeout = Patience.Test)]
    [InlineData(RouterKind.Fpty)]
    [InlineData(RouterKind.Uwsgi)]
    public async Task Sockets_of_both_kinds_are_served_at_once(RouterKind router)
    {
        using var directory = new TempDirectory();
        var setup = new RouterSetup { Options = [("forkptyrouter", directory["raw2"]), ("forkptyurouter", directory["uwsgi2"])] };
        await using var process = await RouterProcess.StartAsync(router, setup);
        await process.WaitUntilListeningAsync(directory["uwsgi2"]);
        (string, Wire)[] sockets =
        [
            (process.RawAddress, Wire.Raw), (directory["raw2"], Wire.Raw), (process.UwsgiAddress, Wire.Uwsgi), (directory["uwsgi2"], Wire.Uwsgi),
        ];

        var clients = new List<SocketClient>();
        foreach (var (address, wire) in sockets)
            clients.Add(await SocketClient.ConnectAsync(address, wire));
        foreach (var client in clients)
            await client.TypeAsync("tty; echo done-$((1+1))\r");

        var terminals = new HashSet<string>();
        foreach (var client in clients)
        {
            terminals.Add((await client.Output.ExpectAsync(new System.Text.RegularExpressions.Regex(@"/dev/pts/\d+(?=\r)"))).Value);
            await client.Output.ExpectAsync("done-2");
        }

        foreach (var client in clients)
            await client.DisposeAsync();

        Assert.Equal(sockets.Length, terminals.Count);
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_one_cannot_be_bound_none_is_left(bool inAJail)
    {
        Assert.SkipUnless(!inAJail || Environment.UserName == "root", "a jail needs root");
        using var directory = new TempDirectory();

        var result = await Command.RunAsync([Binaries.Fpty, "--forkpty-router", directory["r"], "--forkpty-urouter", directory["missing/u"], .. inAJail ? (string[])["--unshare=uts"] : []]);

        Assert.Equal(1, result.Status);
        Assert.Empty(Directory.GetFileSystemEntries(directory.Root));
    }
}
