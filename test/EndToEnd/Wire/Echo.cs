namespace Forkpty.EndToEnd;

public sealed class Echo
{
    [Theory(Timeout = Patience.Test), Pairs]
    public async Task What_is_typed_comes_back_and_runs(ClientKind client, RouterKind router, Wire wire)
    {
        await using var talk = await Conversation.OpenAsync(client, router, wire);

        await talk.TypeLineAsync("echo sum-$((20+22))");

        await talk.Output.ExpectAsync("echo sum-$((20+22))\r\n");
        await talk.Output.ExpectAsync("sum-42\r\n");
    }
}
