namespace Forkpty.EndToEnd;

public sealed class DefaultSize
{
    [Theory(Timeout = Patience.Test), Pairs(SocketOnly = true)]
    public async Task It_is_24_rows_of_80_columns(ClientKind client, RouterKind router, Wire wire)
    {
        await using var talk = await Conversation.OpenAsync(client, router, wire);

        Assert.Equal("24 80", await talk.AskAsync("stty size"));
    }
}
