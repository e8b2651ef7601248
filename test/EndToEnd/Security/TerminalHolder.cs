namespace Forkpty.EndToEnd;

public sealed class TerminalHolder
{
    [Theory(Timeout = Patience.Test)]
    [InlineData(Wire.Raw)]
    [InlineData(Wire.Uwsgi)]
    public async Task Within_two_and_a_half_seconds_a_session_ends_although_another_process_holds_the_terminal(Wire wire)
    {
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty);
        await Patience.PromiseAsync(TimeSpan.FromSeconds(2.5), "the end of the connection", async () =>
        {
            await using var talk = await Conversation.JoinAsync(process, ClientKind.Socket, wire);
            return await EndWithAHolderAsync(talk, "exec sleep 1000");
        });
    }

    /// <summary>Here it is never quiet for the 200 ms after which a session is over.</summary>
    [Fact(Timeout = Patience.Test)]
    public async Task Nor_does_one_that_goes_on_writing_keep_it()
    {
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty);
        await Patience.PromiseAsync(TimeSpan.FromSeconds(2.5), "the end of the connection", async () =>
        {
            await using var talk = await Conversation.JoinAsync(process, ClientKind.Socket, Wire.Raw);
            return await EndWithAHolderAsync(talk, "while sleep 0.05; do echo x; done");
        });
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

    /// <summary>From the end of the shell to that of the connection.</summary>
    private static async Task<TimeSpan> EndWithAHolderAsync(Conversation talk, string holding)
    {
        var holder = int.Parse(await talk.AskAsync($"(trap '' HUP; {holding}) & echo $!"), null);
        try
        {
            return await Patience.TimeAsync(async () =>
            {
                await talk.TypeLineAsync("exit");
                await talk.Client.ExpectOverAsync();
            });
        }
        finally
        {
            await Command.SignalAsync(holder, "KILL");
        }
    }
}
