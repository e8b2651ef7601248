namespace Forkpty.EndToEnd;

public sealed class CommandWithASpace
{
    [Theory(Timeout = Patience.Test), Pairs(SocketOnly = true)]
    public async Task It_runs_through_a_shell(ClientKind client, RouterKind router, Wire wire)
    {
        var setup = new RouterSetup { Command = "echo one  two | tr a-z A-Z; cat" };
        await using var talk = await Conversation.OpenAsync(client, router, wire, setup);

        // In uwsgi mode our router may wait for the first packet before it starts the program.
        await talk.Client.TypeAsync("x");

        await talk.Output.ExpectAsync("ONE TWO\r\n");
    }
}
