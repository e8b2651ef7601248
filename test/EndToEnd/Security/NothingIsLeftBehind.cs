namespace Forkpty.EndToEnd;

public sealed class NothingIsLeftBehind
{
    private const int Sessions = 1_000;
    private const int AtOnce = 20;

    [Fact(Timeout = Patience.HeavyTest, DisableParallelization = true)]
    public Task After_a_thousand_clients_that_went_away() => CountAsync("/bin/sh", Wire.Raw, async talk =>
    {
        await talk.TypeLineAsync("echo $((6*7))");
        await talk.Output.ExpectAsync("42");
        await talk.Client.LeaveAsync();
    });

    [Fact(Timeout = Patience.HeavyTest, DisableParallelization = true)]
    public Task After_a_thousand_programs_that_ended() => CountAsync("echo $((6*7)); exit 3", Wire.Raw, async talk =>
    {
        await talk.Output.ExpectAsync("42");
        await talk.Client.ExpectOverAsync();
    });

    [Fact(Timeout = Patience.HeavyTest, DisableParallelization = true)]
    public Task After_a_thousand_programs_that_were_killed() => CountAsync("echo $((6*7)); sleep 987", Wire.Uwsgi, async talk =>
    {
        await talk.Client.TypeAsync(" ");
        await talk.Output.ExpectAsync("42");
        await talk.Socket.SignalAsync(9);
        await talk.Client.ExpectOverAsync();
    });

    [Fact(Timeout = Patience.Test)]
    public async Task In_uwsgi_each_ended_session_leaves_a_zombie()
    {
        await using var process = await RouterProcess.StartAsync(RouterKind.Uwsgi);

        for (var i = 0; i < 10; i++)
        {
            await using var talk = await Conversation.JoinAsync(process, ClientKind.Socket, Wire.Raw);
            await talk.ReadyAsync();
            await talk.Client.LeaveAsync();
        }

        await Patience.UntilAsync(() => process.Facts().Zombies > 0, "zombies");
    }

    private static async Task CountAsync(string command, Wire wire, Func<Conversation, Task> session)
    {
        var setup = new RouterSetup { Command = command, Wrapper = PrivateTerminals.Wrapper() };
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty, setup);
        await SomeAsync(AtOnce);
        await Patience.UntilAsync(() => ProcessFacts.Children(process.ProcessId).Count == 0, "the end of the first sessions");
        await Patience.UntilAsync(() => PrivateTerminals.Count(process.ProcessId) == 0, "the end of the first terminals");
        var before = process.Facts();

        for (var done = 0; done < Sessions; done += AtOnce)
            await SomeAsync(AtOnce);

        await Patience.UntilAsync(
            () => process.Facts().IsWithin(before),
            $"no more descriptors, terminals, threads and zombies than before ({before}); now {process.Facts()}");
        await Patience.UntilAsync(() => ProcessFacts.Children(process.ProcessId).Count == 0, "no child");
        await Patience.UntilAsync(() => PrivateTerminals.Count(process.ProcessId) == 0, "no terminal");

        async Task SomeAsync(int count) => await Task.WhenAll(Enumerable.Range(0, count).Select(async _ =>
        {
            await using var talk = await Conversation.JoinAsync(process, ClientKind.Socket, wire);
            await session(talk);
        }));
    }
}
