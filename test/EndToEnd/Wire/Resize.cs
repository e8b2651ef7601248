namespace Forkpty.EndToEnd;

public sealed class Resize
{
    [Theory(Timeout = Patience.Test), Pairs(UwsgiModeOnly = true)]
    public async Task The_programs_terminal_gets_the_clients_size(ClientKind client, RouterKind router, Wire wire)
    {
        await using var talk = await Conversation.OpenAsync(client, router, wire);
        await talk.ReadyAsync();

        await talk.Client.ResizeAsync(40, 123);

        // The window travels on its own way; ask until it is there.
        await talk.TypeLineAsync("until [ \"$(stty size)\" = '40 123' ]; do :; done; echo resized-$((1+1))");
        await talk.Output.ExpectAsync("resized-2");
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData(ClientKind.Fpty, RouterKind.Fpty)]
    [InlineData(ClientKind.Uwsgi, RouterKind.Fpty)]
    [InlineData(ClientKind.Fpty, RouterKind.Uwsgi)]
    public async Task The_first_size_is_that_of_the_clients_terminal(ClientKind client, RouterKind router)
    {
        await using var process = await RouterProcess.StartAsync(router);
        await using var terminal = await Terminal.StartAsync(
            Conversation.ClientCommand(client, process.UwsgiAddress, Wire.Uwsgi), rows: 51, columns: 97);
        await terminal.ExpectRawAsync();

        await terminal.TypeAsync("until [ \"$(stty size)\" = '51 97' ]; do :; done; echo sized-$((1+1))\r");

        await terminal.Output.ExpectAsync("sized-2");
    }
}
