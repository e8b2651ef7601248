namespace Forkpty.EndToEnd;

public sealed class TerminalIsRestored
{
    [Theory(Timeout = Patience.Test)]
    [InlineData(RouterKind.Fpty, Wire.Raw)]
    [InlineData(RouterKind.Fpty, Wire.Uwsgi)]
    [InlineData(RouterKind.Uwsgi, Wire.Raw)]
    [InlineData(RouterKind.Uwsgi, Wire.Uwsgi)]
    public async Task After_the_end_of_the_program(RouterKind router, Wire wire)
    {
        await using var talk = await Conversation.OpenAsync(ClientKind.Fpty, router, wire);
        await talk.ReadyAsync();

        await talk.TypeLineAsync("exit");

        Assert.Equal(0, await talk.Terminal.ExpectExitAsync());
        Assert.Equal(talk.Terminal.FirstSettings, await talk.Terminal.SettingsAsync());
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(15)]
    public async Task After_a_signal_to_the_client(int signal)
    {
        await using var talk = await Conversation.OpenAsync(ClientKind.Fpty, RouterKind.Fpty, Wire.Uwsgi);
        await talk.ReadyAsync();

        await talk.Terminal.SignalAsync(signal);

        Assert.NotEqual(0, await talk.Terminal.ExpectExitAsync());
        Assert.Equal(talk.Terminal.FirstSettings, await talk.Terminal.SettingsAsync());
    }

    [Fact(Timeout = Patience.Test)]
    public async Task After_an_address_that_does_not_answer()
    {
        await using var terminal = await Terminal.StartAsync([Binaries.Fpty, "--pty-connect", "/nowhere/at/all"]);

        Assert.NotEqual(0, await terminal.ExpectExitAsync());
        Assert.Equal(terminal.FirstSettings, await terminal.SettingsAsync());
    }

    [Fact(Timeout = Patience.Test)]
    public async Task After_the_terminal_was_closed_the_client_and_its_session_are_gone()
    {
        await using var talk = await Conversation.OpenAsync(ClientKind.Fpty, RouterKind.Fpty, Wire.Uwsgi);
        await talk.ReadyAsync();

        await talk.Terminal.HangUpAsync();

        await Patience.UntilAsync(() => talk.Router.Facts().Masters == 0, "the end of the session");
    }
}
