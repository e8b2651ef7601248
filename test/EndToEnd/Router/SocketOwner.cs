namespace Forkpty.EndToEnd;

public sealed class SocketOwner
{
    [Theory(Timeout = Patience.Test)]
    [InlineData("nobody:daemon", "nobody:daemon")]
    [InlineData("65534", "nobody:root")]
    public async Task Chown_socket_gives_the_sockets_away(string owner, string expected)
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root can give a file away");
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup().With("chown-socket", owner));

        Assert.Equal($"{expected}\n{expected}", await Command.ShellAsync($"stat -c %U:%G {process.RawAddress} {process.UwsgiAddress}"));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Where_that_fails_no_socket_stays_behind()
    {
        // Whoever is root in a namespace of users cannot give a file to one who does not exist there.
        var setup = new RouterSetup { Wrapper = ["/usr/bin/unshare", "--user", "--map-root-user"] }.With("chown-socket", "65534");
        await using var process = RouterProcess.Launch(RouterKind.Fpty, setup);

        Assert.Equal(1, await process.ExpectExitAsync());
        await process.Log.ExpectAsync("chown: EINVAL");
        Assert.False(File.Exists(process.RawAddress));
    }
}
