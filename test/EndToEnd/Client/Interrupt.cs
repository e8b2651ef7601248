namespace Forkpty.EndToEnd;

public sealed class Interrupt
{
    [Theory(Timeout = Patience.Test), Pairs(OnTerminal = true)]
    public async Task Ctrl_C_goes_to_the_program_and_not_to_the_client(ClientKind client, RouterKind router, Wire wire)
    {
        await using var talk = await Conversation.OpenAsync(client, router, wire);
        await talk.TypeLineAsync("sh -c 'printf asleep; exec sleep 987'; echo status-$?");
        await talk.Output.ExpectAsync("?\r\n");
        await talk.Output.ExpectAsync("asleep");

        await talk.Client.TypeAsync("\x03");
        await talk.Output.ExpectAsync("^C");
        await talk.Output.ExpectAsync("# ");
        await talk.TypeLineAsync("echo after-$((1+1))");

        await talk.Output.ExpectAsync("after-2");
    }
}
