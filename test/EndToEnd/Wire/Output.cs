namespace Forkpty.EndToEnd;

public sealed class Output
{
    [Theory(Timeout = Patience.Test), Pairs]
    public async Task Ten_thousand_lines_come_complete_and_in_order(ClientKind client, RouterKind router, Wire wire)
    {
        await using var talk = await Conversation.OpenAsync(client, router, wire);

        var lines = await talk.AskAsync("seq 1 10000");

        Assert.Equal(string.Join('\n', Enumerable.Range(1, 10_000)), lines);
    }
}
