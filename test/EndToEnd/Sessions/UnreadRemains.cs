namespace Forkpty.EndToEnd.Sessions;

/// <summary>Drivers that come back to a session which has ended, and do not read.</summary>
public sealed class UnreadRemains
{
    [Fact(Timeout = Patience.HeavyTest)]
    public async Task They_cost_little_and_of_one_token_there_is_one()
    {
        using var flood = new Flood(2_000_000); // 17 MB
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup().With("forkptyrouter-history", $"{32 * 1024 * 1024}"));
        await using var other = await SessionPeer.ConnectAsync(router);
        await using var first = await SessionPeer.OpenAsync(router, flood.Open(then: "exit 6"), keepsOutput: false);
        flood.Begin();
        await first.ExpectExitAsync();
        int memory = ProcessFacts.ResidentKiB(router.ProcessId);

        await using var second = await ResumeUnreadAsync();
        await using var third = await ResumeUnreadAsync();

        Assert.InRange(ProcessFacts.ResidentKiB(router.ProcessId) - memory, int.MinValue, 4 * 1024);
        second.StartReading();
        await second.ExpectEndAsync();
        Assert.InRange(second.OutputLength, 0, 1024 * 1024);
        Assert.DoesNotContain(second.Packets, packet => packet.Type == PacketType.Exit);
        third.StartReading();
        Assert.Equal(6, (await third.ExpectExitAsync()).Number("code"));
        Assert.True(third.Output.Text == flood.Text, $"{third.Output.Length} bytes and not {flood.Text.Length}");

        async Task<SessionPeer> ResumeUnreadAsync()
        {
            var peer = await SessionPeer.OpenUnreadAsync(router, Request.Resume(first, 4));
            await Patience.UntilAsync(() => peer.Unread > 64 * 1024, "the beginning of what remains");
            await other.SettleAsync(); // that turn of the router's is over, and so is what it has led to
            return peer;
        }
    }
}
