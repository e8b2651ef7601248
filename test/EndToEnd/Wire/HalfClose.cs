namespace Forkpty.EndToEnd;

public sealed class HalfClose
{
    private static readonly RouterSetup Reader = new() { Command = "echo go; cat; echo after-$((1+1)); seq 1 50000" };

    [Theory(Timeout = Patience.Test), Pairs(SocketOnly = true, OurRouterOnly = true)]
    public async Task It_is_the_end_of_input_and_output_goes_on(ClientKind client, RouterKind router, Wire wire)
    {
        await using var talk = await Conversation.OpenAsync(client, router, wire, Reader);
        await talk.Output.ExpectAsync("go");

        await talk.Client.TypeAsync("a line\r");
        talk.Socket.HalfClose();

        await talk.Output.ExpectAsync("a line\r\na line\r\n");
        await talk.Output.ExpectAsync("after-2");
        await talk.Client.ExpectOverAsync();
        Assert.EndsWith("\n50000\r\n", talk.Output.Text, StringComparison.Ordinal);
    }

    [Theory(Timeout = Patience.Test), Pairs(SocketOnly = true, OurRouterOnly = true)]
    public async Task A_line_without_its_end_still_arrives(ClientKind client, RouterKind router, Wire wire)
    {
        await using var talk = await Conversation.OpenAsync(client, router, wire, Reader);
        await talk.Output.ExpectAsync("go");

        await talk.Client.TypeAsync("half a line");
        talk.Socket.HalfClose();

        await talk.Output.ExpectAsync("half a linehalf a line");
        await talk.Output.ExpectAsync("after-2");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task In_uwsgi_it_cuts_the_session_off()
    {
        await using var talk = await Conversation.OpenAsync(ClientKind.Socket, RouterKind.Uwsgi, Wire.Raw, Reader);
        await talk.Output.ExpectAsync("go");

        talk.Socket.HalfClose();

        await talk.Client.ExpectOverAsync();
        Assert.DoesNotContain("after-2", talk.Output.Text, StringComparison.Ordinal);
    }
}
