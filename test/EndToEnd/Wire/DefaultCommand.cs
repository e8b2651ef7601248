namespace Forkpty.EndToEnd;

public sealed class DefaultCommand
{
    [Theory(Timeout = Patience.Test), Pairs(SocketOnly = true)]
    public async Task It_is_bin_sh(ClientKind client, RouterKind router, Wire wire)
    {
        await using var talk = await Conversation.OpenAsync(client, router, wire);

        Assert.Equal("/bin/sh", await talk.AskAsync("echo $0"));
    }
}
