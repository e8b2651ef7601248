namespace Forkpty.EndToEnd.Sessions;

public sealed class ManyAttachments
{
    [Fact(Timeout = 300_000, DisableParallelization = true)]
    public async Task Attaching_and_detaching_over_and_over_costs_nothing()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using (var first = await SessionPeer.OpenAsync(router, Request.Open("work", onDisconnect: "keep")))
            await first.AskAsync("seq 1 1000");
        for (int i = 0; i < 100; i++)
            await OnceAsync(i);
        var before = await QuietFactsAsync();
        int memory = ProcessFacts.ResidentKiB(router.ProcessId);

        for (int i = 0; i < 10_000; i++)
            await OnceAsync(i);

        await Patience.UntilAsync(async () => (await QuietFactsAsync()).IsWithin(before), $"no more than before ({before})");
        Assert.InRange(ProcessFacts.ResidentKiB(router.ProcessId) - memory, int.MinValue, 4 * 1024);
        await using var last = await SessionPeer.OpenAsync(router, Request.Attach("work"));
        Assert.Equal("42", await last.AskAsync("echo $((6*7))"));

        async Task OnceAsync(int i)
        {
            await using var peer = await SessionPeer.OpenAsync(router, Request.Attach("work", i % 3 == 0 ? "viewer" : null));
            if (i % 2 == 0)
            {
                await peer.SendAsync(PacketType.Detach);
                await peer.ExpectExitAsync();
            }
        }

        async Task<ProcessFacts> QuietFactsAsync()
        {
            await using var other = await SessionPeer.ConnectAsync(router);
            while ((await other.ListAsync()).Single().Number("clients") > 0)
                await Task.Delay(5);
            return router.Facts();
        }
    }
}
