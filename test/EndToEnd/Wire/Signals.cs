namespace Forkpty.EndToEnd;

public sealed class Signals
{
    [Theory(Timeout = Patience.Test)]
    [InlineData(2, 130)]
    [InlineData(15, 143)]
    [InlineData(9, 137)]
    public async Task A_signal_reaches_the_foreground_program(int signal, int status)
    {
        await using var talk = await OpenWithSleepAsync(RouterKind.Fpty);

        var sleep = Sleep(talk);

        await talk.Socket.SignalAsync(signal);

        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(sleep), "the end of the sleep");
        await talk.Output.ExpectAsync("# ");
        await talk.TypeLineAsync("echo status-$?");
        await talk.Output.ExpectAsync($"status-{status}");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task In_leader_mode_it_reaches_the_leader_only()
    {
        var setup = new RouterSetup().With("forkptyrouter-signal", "leader");
        await using var talk = await OpenWithSleepAsync(RouterKind.Fpty, setup);
        var sleep = Sleep(talk);

        await talk.Socket.SignalAsync(9);

        // The shell is dead and so the session is over; the sleep was not signalled but hung up.
        await talk.Client.ExpectOverAsync();
        Assert.DoesNotContain("status-137", talk.Output.Text, StringComparison.Ordinal);
        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(sleep), "the hang-up of the sleep");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task In_uwsgi_it_reaches_the_leader_only_and_the_sleep_goes_on()
    {
        await using var talk = await OpenWithSleepAsync(RouterKind.Uwsgi);
        var sleep = Sleep(talk);

        await talk.Socket.SignalAsync(2);
        await talk.Socket.SendInputAsync("x"u8.ToArray());
        await talk.Output.ExpectAsync("x");

        Assert.True(ProcessFacts.IsAlive(sleep));
    }

    private static async Task<Conversation> OpenWithSleepAsync(RouterKind router, RouterSetup? setup = null)
    {
        var talk = await Conversation.OpenAsync(ClientKind.Socket, router, Wire.Uwsgi, setup);
        await talk.TypeLineAsync("sleep 987");
        await Patience.UntilAsync(() => Sleep(talk) != 0, "the sleep in the session");
        talk.Output.SkipToNow();
        return talk;
    }

    private static int Sleep(Conversation talk) => ProcessFacts.Descendants(talk.Router.ServingProcessId)
        .FirstOrDefault(p => ProcessFacts.IsAlive(p) && ProcessFacts.Status(p, "Name") == "sleep");
}
