namespace Forkpty.EndToEnd.Sessions;

/// <summary>Who asks for much costs the others nothing: neither time on their lane, nor memory.</summary>
public sealed class GreedyClients
{
    [Theory(Timeout = Patience.Test)]
    [InlineData(null)]
    [InlineData("viewer")]
    public async Task A_screen_is_painted_once_however_often_it_is_asked_for_at_once(string? role)
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var driver = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "stty -echo; echo go; cat", onDisconnect: "keep"));
        await driver.Output.ExpectAsync("go\r\n");
        await using var peer = await SessionPeer.OpenAsync(router, Request.Attach("work", role));
        await peer.Screen.ExpectAsync("go");
        byte[] redraws = [.. Enumerable.Repeat(SessionPeer.Packet(PacketType.Redraw, []), 4_000).SelectMany(static packet => packet)];
        long before = peer.Screen.Length;

        await peer.SendBytesAsync(redraws);
        await peer.SettleAsync();
        await driver.SettleAsync();
        await peer.Screen.ExpectLengthAsync(before + 1);
        await peer.SendAsync(PacketType.Redraw);
        await peer.SettleAsync();

        Assert.InRange(peer.Screen.Text.Split("go").Length - 1, 2, 400); // a turn of the lane reads 16 KiB: all of them, or what had come by then
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_viewer_that_has_missed_output_sees_none_of_it_over_the_screen_that_it_asks_for()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var driver = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "stty -echo; echo go; read x; seq 1 60000; echo over-$((1+1)); cat", onDisconnect: "keep"));
        await driver.Output.ExpectAsync("go\r\n");
        await using var viewer = await SessionPeer.OpenUnreadAsync(router, Request.Attach("work", "viewer"));
        await driver.ExpectAsync(PacketType.Notice, static notice => notice.Text("event") == "attached");
        await driver.TypeAsync("\r");
        await driver.Output.ExpectAsync("over-2\r\n");

        await viewer.SendAsync(PacketType.Redraw);
        await driver.SettleAsync();
        viewer.StartReading();
        await viewer.Screen.ExpectAsync("over-2");
        await driver.TypeAsync("the next line\r");
        await viewer.Output.ExpectAsync("the next line\r\n");

        string stream = viewer.Stream.Text;
        Assert.Equal("the next line\r\n", stream[^"the next line\r\n".Length..]);
        Assert.DoesNotContain("\r\n59999\r\n", viewer.Output.Text, StringComparison.Ordinal); // as output, over the screen that has it
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Lists_that_nobody_reads_cost_next_to_nothing()
    {
        const int Sessions = 60, Askers = 120;
        string long_ = new('\u0001', 1_000); // as JSON six times as long
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        List<SessionPeer> peers = [];
        try
        {
            for (int i = 0; i < Sessions; i++)
                peers.Add(await SessionPeer.OpenAsync(router, Request.Open(command: ["/bin/sh", "-c", "cat", long_])));
            int memory = ProcessFacts.ResidentKiB(router.ProcessId);
            for (int i = 0; i < Askers; i++)
            {
                peers.Add(await SessionPeer.ConnectSilentlyAsync(router, read: false));
                await peers[^1].SendBytesAsync((byte[])[.. SessionPeer.Upgrade(24, 80), .. SessionPeer.Packet(PacketType.List, [])]);
            }

            await Patience.UntilAsync(() => peers.Skip(Sessions).All(static asker => asker.Unread > 1_000), "an answer to each");
            Assert.Equal(Sessions, (await peers[0].ListAsync()).Count);
            Assert.InRange(ProcessFacts.ResidentKiB(router.ProcessId) - memory, int.MinValue, 12 * 1024); // 43 MiB of lists

            peers[^1].StartReading();
            await peers[^1].ExpectAsync(PacketType.Listed, static packet => packet.Payload.Length == 0);
            Assert.Equal(Sessions + 1, peers[^1].Packets.Count(static packet => packet.Type == PacketType.Listed));
        }
        finally
        {
            await Task.WhenAll(peers.Select(static peer => peer.DisposeAsync().AsTask()));
        }
    }
}
