namespace Forkpty.EndToEnd;

public sealed class Loops
{
    /// <summary>One is there from the start, for keystrokes; each of the others has its thread once a session floods that it can take.</summary>
    [Theory(Timeout = Patience.HeavyTest)]
    [InlineData("forkptyrouter-processes", 1)]
    [InlineData("forkptyrouter-workers", 2)]
    [InlineData("forkpty-router-processes", 3)]
    [InlineData("forkpty-router-workers", 5)]
    public async Task There_are_as_many_as_asked_for_each_on_a_thread_of_its_own(string option, int workers)
    {
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup().With(option, $"{workers}"));
        await using var first = await Conversation.JoinAsync(process, ClientKind.Socket, Wire.Raw);
        await first.ReadyAsync();
        var quiet = process.Facts().Threads;

        var floods = new List<Conversation>();
        for (var i = 0; i < workers + 2; i++)
        {
            floods.Add(await Conversation.JoinAsync(process, ClientKind.Socket, Wire.Raw));
            await floods[i].TypeLineAsync("yes");
        }

        await Patience.UntilAsync(() => process.Facts().Threads == quiet + workers - 1, $"{quiet + workers - 1} threads");
        foreach (var flood in floods)
            await flood.Output.ExpectLengthAsync(flood.Output.Length + 200_000);
        Assert.Equal(quiet + workers - 1, process.Facts().Threads);
        foreach (var flood in floods)
            await flood.DisposeAsync();
    }
}
