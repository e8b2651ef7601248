namespace Forkpty.EndToEnd;

public sealed class MissingCommand
{
    [Theory(Timeout = Patience.Test), Pairs(SocketOnly = true, OurRouterOnly = true)]
    public async Task The_client_reads_the_reason(ClientKind client, RouterKind router, Wire wire)
    {
        await using var talk = await Conversation.OpenAsync(client, router, wire, new RouterSetup { Command = "/no/such/shell" });
        if (wire == Wire.Uwsgi) // in raw mode it may be over by then
            await talk.Client.TypeAsync("\r");

        await talk.Output.ExpectAsync("/no/such/shell");
        await talk.Client.ExpectOverAsync();
        await talk.Router.Log.ExpectAsync("ENOENT");
    }

    [Theory(Timeout = Patience.Test), Pairs(SocketOnly = true, OurRouterOnly = true)]
    public async Task A_file_that_cannot_be_executed_is_told_as_such(ClientKind client, RouterKind router, Wire wire)
    {
        using var directory = new TempDirectory();
        var file = directory.Write("no-program", "text\n");
        await using var talk = await Conversation.OpenAsync(client, router, wire, new RouterSetup { Command = file });
        if (wire == Wire.Uwsgi) // in raw mode it may be over by then
            await talk.Client.TypeAsync("\r");

        await talk.Output.ExpectAsync(file);
        await talk.Client.ExpectOverAsync();
        await talk.Router.Log.ExpectAsync("EACCES");
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData(Wire.Raw)]
    [InlineData(Wire.Uwsgi)]
    public async Task The_client_says_the_reason_apart_from_output_and_has_a_status(Wire wire)
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup { Command = "/no/such/shell" });

        var result = await Command.RunAsync([Binaries.Fpty, "connect", .. wire == Wire.Raw ? ["--raw"] : Array.Empty<string>(), router.Address(wire)]);

        Assert.Equal(("", 255), (result.Output, result.Status));
        Assert.Matches("^fpty: [^\n]*/no/such/shell[^\n]*\n$", result.Error);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_program_that_begins_like_a_reason_is_none_where_it_goes_on()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup { Command = "echo fpty: begin; read line; echo $line" });

        var result = await Command.RunAsync([Binaries.Fpty, "connect", "--raw", router.RawAddress], "end\n");

        Assert.Equal(0, result.Status);
        Assert.Contains("end\r\n", result.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task In_uwsgi_the_client_sees_nothing()
    {
        await using var talk = await Conversation.OpenAsync(
            ClientKind.Socket, RouterKind.Uwsgi, Wire.Raw, new RouterSetup { Command = "/no/such/shell" });

        await talk.Client.ExpectOverAsync();
        Assert.DoesNotContain("/no/such/shell", talk.Output.Text, StringComparison.Ordinal);
    }
}
