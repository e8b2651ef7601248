using System.Text.Json;

namespace Forkpty.EndToEnd.Sessions;

public sealed class Upgrade
{
    [Fact(Timeout = Patience.Test)]
    public async Task The_router_answers_HELLO_at_once_and_first()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.ConnectAsync(router);

        var hello = peer.Packets[0];

        Assert.Equal(PacketType.Hello, hello.Type);
        Assert.Equal(1, hello.Number("protocol"));
        Assert.NotEqual("", hello.Text("version"));
        string[] can = [.. hello.Json.GetProperty("can").EnumerateArray().Select((JsonElement item) => item.GetString()!)];
        Assert.Equal(["events", "keep", "no-pty", "resume", "upgrade"], can.Order());
        await peer.SettleAsync();
        Assert.Equal(0, peer.OutputLength);
        Assert.Equal([PacketType.Hello, PacketType.Pong], peer.Packets.Select(packet => packet.Type));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Byte_by_byte_it_is_the_same()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.ConnectSilentlyAsync(router);

        foreach (byte one in SessionPeer.Upgrade(51, 97))
            await peer.SendBytesAsync(new[] { one });

        await peer.ExpectAsync(PacketType.Hello);
        await peer.OpenAsync(Request.Open(shell: "stty size"));
        await peer.Output.ExpectAsync("51 97\r\n");
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData(1)]
    [InlineData(5)]
    public async Task An_offer_that_has_begun_may_take_its_time(int first)
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.ConnectSilentlyAsync(router);

        await peer.SendBytesAsync(SessionPeer.Upgrade(51, 97).AsMemory(0, first));
        await Task.Delay(400); // the stimulus: more than the 100 ms in which a client of uWSGI has to say something
        Assert.Equal(0, router.Facts().Masters);
        await peer.SendBytesAsync(SessionPeer.Upgrade(51, 97).AsMemory(first));

        await peer.ExpectAsync(PacketType.Hello);
        await peer.OpenAsync(Request.Open(shell: "stty size"));
        await peer.Output.ExpectAsync("51 97\r\n");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_client_without_a_window_gets_the_routers_size()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.OpenAsync(router, Request.Open(shell: "stty size"), rows: 0, columns: 0);

        await peer.Output.ExpectAsync("24 80\r\n");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_client_that_began_as_uWSGIs_stays_one_whatever_modifier_comes_later()
    {
        await using var talk = await Conversation.OpenAsync(ClientKind.Socket, RouterKind.Fpty, Wire.Uwsgi);

        await talk.Socket.SendBytesAsync((byte[])
        [
            .. SocketClient.Packet(100, 40, []),
            .. SocketClient.Packet(101, 90, []),
            .. SessionPeer.Upgrade(51, 97),
            .. SessionPeer.Packet(PacketType.Data, "echo $(stty size) sum-$((20+22))\r"u8),
        ]);

        await talk.Output.ExpectAsync("51 97 sum-42\r\n");
        Assert.DoesNotContain(talk.Output.Bytes, b => b == 0xF5);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Who_says_the_second_half_when_the_program_runs_is_uWSGIs()
    {
        await using var talk = await Conversation.OpenAsync(ClientKind.Socket, RouterKind.Fpty, Wire.Uwsgi);
        byte[] upgrade = SessionPeer.Upgrade(51, 97);

        await talk.Socket.SendBytesAsync((byte[])[.. upgrade[..4], .. SessionPeer.Packet(PacketType.Data, "echo one-$((20+22))\r"u8, modifier1: 0)]);
        await talk.Output.ExpectAsync("one-42\r\n");
        await talk.Socket.SendBytesAsync((byte[])[.. upgrade[4..], .. SessionPeer.Packet(PacketType.Data, "echo $(stty size) sum-$((20+22))\r"u8, modifier1: 0)]);

        await talk.Output.ExpectAsync("97 sum-42\r\n");
        Assert.DoesNotContain(talk.Output.Bytes, b => b == 0xF5);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Input_between_the_two_packets_is_not_lost()
    {
        await using var talk = await Conversation.OpenAsync(ClientKind.Socket, RouterKind.Fpty, Wire.Uwsgi);
        byte[] upgrade = SessionPeer.Upgrade(51, 97);

        await talk.Socket.SendBytesAsync((byte[])[.. upgrade[..4], .. SessionPeer.Packet(PacketType.Data, "echo sum-$((20+22))\r"u8, modifier1: 0), .. upgrade[4..]]);

        await talk.Output.ExpectAsync("sum-42\r\n");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task In_raw_mode_it_is_input()
    {
        var setup = new RouterSetup { Command = "stty raw -echo; echo go; head -c 8 | od -An -tx1; cat" };
        await using var talk = await Conversation.OpenAsync(ClientKind.Socket, RouterKind.Fpty, Wire.Raw, setup);
        await talk.Output.ExpectAsync("go");

        await talk.Socket.SendBytesAsync(SessionPeer.Upgrade(51, 97));

        await talk.Output.ExpectAsync("f5 33 00 64 f5 61 00 65");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Who_says_nothing_more_is_told_after_10_seconds()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.ConnectAsync(router);

        await peer.ExpectLastErrorAsync("not-open");

        Assert.Equal(0, router.Facts().Masters);
    }
}
