namespace Forkpty.EndToEnd;

public sealed class HangUpOnDisconnect
{
    [Theory(Timeout = Patience.Test), Pairs(OurRouterOnly = true)]
    public async Task Within_a_second_the_foreground_program_ends_and_one_under_nohup_lives(ClientKind client, RouterKind router, Wire wire)
    {
        await Patience.PromiseAsync(TimeSpan.FromSeconds(1), "the end of the foreground program", async () =>
        {
            await using var talk = await Conversation.OpenAsync(client, router, wire);
            return await EndOfForegroundAsync(talk);
        });
    }

    [Fact(Timeout = Patience.Test)]
    public async Task In_uwsgi_it_outlives_the_disconnect()
    {
        using var directory = new TempDirectory();
        await using var talk = await Conversation.OpenAsync(ClientKind.Socket, RouterKind.Uwsgi, Wire.Raw);
        await talk.TypeLineAsync($"sh -c 'echo $$ > {directory["pid"]}; exec sleep 986'");
        await Patience.UntilAsync(() => File.Exists(directory["pid"]) && File.ReadAllText(directory["pid"]).EndsWith('\n'), "the sleep");
        var foreground = int.Parse(File.ReadAllText(directory["pid"]), null);

        await talk.Client.LeaveAsync();
        await Patience.UntilAsync(() => talk.Router.Facts().Masters == 0, "the end of the session in uWSGI");

        Assert.True(ProcessFacts.IsAlive(foreground));
        await Command.SignalAsync(foreground, "KILL");
    }

    /// <summary>From the client's leaving to the end of what ran.</summary>
    private static async Task<TimeSpan> EndOfForegroundAsync(Conversation talk)
    {
        using var directory = new TempDirectory();
        var nohup = int.Parse(await talk.AskAsync("nohup sleep 987 >/dev/null 2>&1 & echo $!"), null);
        try
        {
            await talk.TypeLineAsync($"sh -c 'echo $$ > {directory["pid"]}; exec sleep 986'");
            await Patience.UntilAsync(() => File.Exists(directory["pid"]) && File.ReadAllText(directory["pid"]).EndsWith('\n'), "the sleep");
            var foreground = int.Parse(File.ReadAllText(directory["pid"]), null);

            var leaving = Task.CompletedTask;
            var took = await Patience.TimeAsync(async () =>
            {
                leaving = talk.Client.LeaveAsync();
                await Patience.UntilAsync(() => !ProcessFacts.IsAlive(foreground), "the end of the foreground program");
            });
            await leaving;
            Assert.True(ProcessFacts.IsAlive(nohup));
            return took;
        }
        finally
        {
            await Command.SignalAsync(nohup, "KILL");
        }
    }
}
