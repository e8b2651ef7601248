namespace Forkpty.EndToEnd;

public sealed class EndOfTheShell
{
    [Theory(Timeout = Patience.Test), Pairs]
    public async Task The_end_of_the_shell_ends_the_session(ClientKind client, RouterKind router, Wire wire)
    {
        await using var talk = await Conversation.OpenAsync(client, router, wire);
        await talk.ReadyAsync();

        await talk.TypeLineAsync("exit");

        await talk.Client.ExpectOverAsync();
    }
}
