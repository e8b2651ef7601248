using Forkpty.EndToEnd.Sessions;

namespace Forkpty.EndToEnd.RouterUpgrade;

public sealed class LostDriver
{
    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_flood_that_waits_for_it_goes_on_waiting()
    {
        using var flood = new Flood(1_000_000);
        await using var router = await UpgradableRouter.StartAsync();
        await using var first = await SessionPeer.OpenAsync(router.Process, flood.Open());
        await first.Output.ExpectAsync("go\r\n");
        await first.LeaveAsync();
        flood.Begin();
        await Flood.StandsAsync(router.Process);

        await router.ExpectUpgradeAsync();

        await Flood.StandsAsync(router.Process);
        await using var second = await SessionPeer.OpenAsync(router.Process, Request.Resume(first, 4));
        await flood.ExpectWholeAsync(second);
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task What_remains_of_a_session_that_has_ended_is_there_after_two_upgrades()
    {
        using var flood = new Flood(100_000);
        await using var router = await UpgradableRouter.StartAsync();
        await using var first = await SessionPeer.OpenAsync(router.Process, flood.Open(then: "exit 8"));
        await first.Output.ExpectAsync("go\r\n");
        await first.TypeAsync("one\r");
        await first.Output.ExpectAsync("one\r\n");
        await first.LeaveAsync();
        flood.Begin();
        await using (var other = await SessionPeer.ConnectAsync(router.Process))
            await other.ExpectSessionsAsync(0);

        await router.ExpectUpgradeAsync();
        await router.ExpectUpgradeAsync();

        await using var second = await SessionPeer.OpenAsync(router.Process, Request.Resume(first, 9));
        Assert.Equal(8, (await second.ExpectExitAsync()).Number("code"));
        Assert.Equal(4, second.Opened.Number("input"));
        Assert.True(second.Output.Text == flood.Text, $"{second.Output.Length} bytes and not {flood.Text.Length}");
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task One_that_was_about_to_read_what_remains_comes_again_for_the_rest()
    {
        using var flood = new Flood(100_000);
        await using var router = await UpgradableRouter.StartAsync();
        await using var first = await SessionPeer.OpenAsync(router.Process, flood.Open(then: "exit 8"));
        flood.Begin();
        await first.ExpectExitAsync();
        await using var second = await SessionPeer.OpenUnreadAsync(router.Process, Request.Resume(first, 4));
        await Patience.UntilAsync(() => second.Unread > 64 * 1024, "the beginning of what remains");

        await router.ExpectUpgradeAsync();

        second.StartReading();
        await second.ExpectEndAsync();
        Assert.InRange(second.OutputLength, 16 * 1024, flood.Text.Length - 1);
        Assert.DoesNotContain(second.Packets, packet => packet.Type == PacketType.Exit);
        await using var third = await SessionPeer.OpenAsync(router.Process, Request.Resume(first, 4 + second.OutputLength));
        Assert.Equal(8, (await third.ExpectExitAsync()).Number("code"));
        string output = second.Output.Text + third.Output.Text;
        Assert.True(output == flood.Text, $"{output.Length} bytes and not {flood.Text.Length}");
    }
}
