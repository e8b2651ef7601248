namespace Forkpty.EndToEnd;

public sealed class TerminalHolder
{
    [Fact(Timeout = Patience.Test)]
    public async Task A_session_ends_although_another_process_holds_the_terminal()
    {
        await using var talk = await Conversation.OpenAsync(ClientKind.Socket, RouterKind.Fpty, Wire.Raw);
        var holder = int.Parse(await talk.AskAsync("(trap '' HUP; exec sleep 1000) & echo $!"), null);
        try
        {
            await talk.TypeLineAsync("exit");

            await talk.Client.ExpectOverAsync();
        }
        finally
        {
            await Command.SignalAsync(holder, "KILL");
        }
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData(RouterKind.Fpty)]
    [InlineData(RouterKind.Uwsgi)]
    public async Task In_uwsgis_way_it_ends_with_the_last_process(RouterKind router)
    {
        var setup = router == RouterKind.Fpty ? new RouterSetup().With("forkptyrouter-wait-slaves") : new RouterSetup();
        await using var talk = await Conversation.OpenAsync(ClientKind.Socket, router, Wire.Raw, setup);
        var holder = int.Parse(await talk.AskAsync("(trap '' HUP; exec sleep 1000) & echo $!"), null);
        try
        {
            await talk.TypeLineAsync("exit");
            await Assert.ThrowsAsync<ExpectationException>(() => talk.Client.ExpectOverAsync(TimeSpan.FromSeconds(3)));
        }
        finally
        {
            await Command.SignalAsync(holder, "KILL");
        }

        await talk.Client.ExpectOverAsync();
    }
}
