namespace Forkpty.EndToEnd;

public sealed class SocketMode
{
    [Theory(Timeout = Patience.Test)]
    [InlineData(RouterKind.Fpty, "600", "600")]
    [InlineData(RouterKind.Fpty, "660", "660")]
    [InlineData(RouterKind.Fpty, "0666", "666")]
    [InlineData(RouterKind.Uwsgi, "660", "660")]
    public async Task Chmod_socket_sets_the_permissions_of_both_sockets(RouterKind router, string mode, string expected)
    {
        await using var process = await RouterProcess.StartAsync(router, new RouterSetup { Arguments = [$"--chmod-socket={mode}"] });

        Assert.Equal($"{expected}\n{expected}", await Command.ShellAsync($"stat -c %a {process.RawAddress} {process.UwsgiAddress}"));
    }
}
