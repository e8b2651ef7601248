namespace Forkpty.EndToEnd.Sessions;

public sealed class Events
{
    [Fact(Timeout = Patience.Test)]
    public async Task Start_attach_leave_and_end_are_told_in_order()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var subscriber = await SubscribeAsync(router);

        await using var driver = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "read x; exit 7", onDisconnect: "keep"));
        await using var viewer = await SessionPeer.OpenAsync(router, Request.Attach("work", "viewer"));
        await viewer.LeaveAsync();
        await driver.ExpectAsync(PacketType.Notice, notice => notice.Text("event") == "left");
        await driver.TypeAsync("\r");
        await driver.ExpectExitAsync();

        await subscriber.ExpectAsync(PacketType.Event, happened => happened.Text("event") == "exited");
        var told = subscriber.Packets.Where(packet => packet.Type == PacketType.Event && packet.Text("event") != "ready").ToList();
        string[] words = [.. told.Select(happened => happened.Text("event"))];
        Assert.Equal("started", words[0]);
        Assert.Equal("exited", words[^1]);
        Assert.True(Array.IndexOf(words, "attached") > 0, string.Join(' ', words));
        Assert.True(Array.LastIndexOf(words, "attached") < Array.IndexOf(words, "left"), string.Join(' ', words));
        Assert.All(told, happened => Assert.Equal("work", happened.Json.GetProperty("session").GetProperty("session").GetString()));
        Assert.All(told, happened => Assert.Equal(driver.Pid, happened.Json.GetProperty("session").GetProperty("pid").GetInt32()));
        Assert.Equal(7, told[^1].Number("code"));
        double now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0;
        Assert.All(told, happened => Assert.InRange(happened.Json.GetProperty("at").GetDouble(), now - 30, now + 0.001));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_signal_that_ended_it_is_told()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var subscriber = await SubscribeAsync(router);
        await using var driver = await SessionPeer.OpenAsync(router, Request.Open(shell: "kill -9 $$"));

        var exited = await subscriber.ExpectAsync(PacketType.Event, happened => happened.Text("event") == "exited");

        Assert.Equal(9, exited.Number("signal"));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_subscriber_that_does_not_read_is_dropped()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var slow = await SessionPeer.ConnectSilentlyAsync(router, read: false);
        await slow.SendBytesAsync((byte[])[.. SessionPeer.Upgrade(24, 80), .. SessionPeer.Packet(PacketType.Events, [])]);
        await using var quick = await SubscribeAsync(router);
        int memory = ProcessFacts.ResidentKiB(router.ProcessId);

        // Each event carries the beginning of the command line, so that these are megabytes.
        await using var session = await SessionPeer.OpenAsync(router, Request.Open("work", command: ["/bin/cat", "/dev/null", "-", new('x', 2_000)], onDisconnect: "keep"));
        for (int i = 0; i < 1_000; i += 20)
        {
            await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
            {
                await using var one = await SessionPeer.OpenAsync(router, Request.Attach("work", "viewer"));
            }));
        }

        slow.StartReading();
        await slow.ExpectEndAsync();
        int told = slow.Packets.Count(packet => packet.Type == PacketType.Event);
        Assert.True(told < 1_900, $"{told} events: nothing was dropped");
        Assert.InRange(ProcessFacts.ResidentKiB(router.ProcessId) - memory, int.MinValue, 8 * 1024);
        await using var last = await SessionPeer.OpenAsync(router, Request.Open("last", command: ["/bin/true"]));
        await quick.ExpectAsync(PacketType.Event, happened => happened.Text("event") == "exited" && happened.Json.GetProperty("session").GetProperty("session").GetString() == "last");
    }

    private static async Task<SessionPeer> SubscribeAsync(RouterProcess router)
    {
        var peer = await SessionPeer.ConnectAsync(router);
        await peer.SendAsync(PacketType.Events);
        var ready = await peer.ExpectAsync(PacketType.Event);
        Assert.Equal("ready", ready.Text("event"));
        Assert.False(ready.Has("session"));
        return peer;
    }
}
