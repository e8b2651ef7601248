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
}
