namespace Forkpty.EndToEnd;

public sealed class CommandWithoutASpace
{
    [Theory(Timeout = Patience.Test), Pairs(SocketOnly = true)]
    public async Task It_is_executed_as_it_stands_with_no_argument(ClientKind client, RouterKind router, Wire wire)
    {
        using var directory = new TempDirectory();
        var script = directory.WriteScript("tell;me", "#!/bin/sh\necho \"name=$0 arguments=$#\"\ncat\n");
        await using var talk = await Conversation.OpenAsync(client, router, wire, new RouterSetup { Command = script });

        await talk.Client.TypeAsync("x");

        await talk.Output.ExpectAsync($"name={script} arguments=0\r\n");
    }
}
