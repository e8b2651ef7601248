namespace Forkpty.EndToEnd;

public sealed class Escape
{
    [Theory(Timeout = Patience.Test)]
    [InlineData(RouterKind.Fpty, Wire.Raw)]
    [InlineData(RouterKind.Fpty, Wire.Uwsgi)]
    [InlineData(RouterKind.Uwsgi, Wire.Uwsgi)]
    public async Task Enter_tilde_dot_leaves_the_session(RouterKind router, Wire wire)
    {
        // The program is deaf to everything; only the escape gets the person out.
        var setup = new RouterSetup { Command = "trap '' INT QUIT; stty raw -echo; echo deaf; exec sleep 987" };
        await using var talk = await Conversation.OpenAsync(ClientKind.Fpty, router, wire, setup);
        await talk.Output.ExpectAsync("deaf");

        await talk.Client.TypeAsync("\r~.");

        await talk.Terminal.ExpectExitAsync();
        Assert.Equal(talk.Terminal.FirstSettings, await talk.Terminal.SettingsAsync());
    }

    [Fact(Timeout = Patience.Test)]
    public async Task It_is_told_at_connect()
    {
        await using var talk = await Conversation.OpenAsync(ClientKind.Fpty, RouterKind.Fpty, Wire.Uwsgi);

        await talk.Output.ExpectAsync(new System.Text.RegularExpressions.Regex(@"~ ?\."));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_tilde_elsewhere_or_typed_twice_is_a_tilde()
    {
        await using var talk = await Conversation.OpenAsync(
            ClientKind.Fpty, RouterKind.Fpty, Wire.Uwsgi, new RouterSetup { Command = "stty -echo; echo go; exec cat" });
        await talk.Output.ExpectAsync("go");

        await talk.Client.TypeAsync("a~.b\r");
        await talk.Output.ExpectAsync("a~.b\r\n");

        await talk.Client.TypeAsync("~~.c\r");
        await talk.Output.ExpectAsync("~.c\r\n");
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData("^]", "\x1d")]
    [InlineData("%", "%")]
    public async Task It_can_be_another_character(string name, string character)
    {
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var terminal = await Terminal.StartAsync([Binaries.Fpty, "--pty-uconnect", process.UwsgiAddress, "--escape", name]);
        await terminal.ExpectRawAsync();
        await terminal.TypeAsync("echo on-$((1+1))\r");
        await terminal.Output.ExpectAsync("on-2");

        await terminal.TypeAsync($"\r{character}.");

        await terminal.ExpectExitAsync();
    }
}
