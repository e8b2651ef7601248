namespace Forkpty.EndToEnd.Sessions;

public sealed class PlainInput
{
    [Fact(Timeout = Patience.Test)]
    public async Task Typed_before_HELLO_it_opens_the_default_session_and_is_not_lost()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.ConnectSilentlyAsync(router);

        await peer.SendBytesAsync((byte[])[.. SessionPeer.Upgrade(51, 97), .. SessionPeer.Packet(0, "echo $(stty size) "u8, modifier1: 0), .. SessionPeer.Packet(0, "sum-$((20+22))\r"u8, modifier1: 0)]);

        await peer.ExpectAsync(PacketType.Hello);
        var opened = await peer.ExpectAsync(PacketType.Opened);
        await peer.Output.ExpectAsync("51 97 sum-42\r\n");
        Assert.Equal(("driver", "hup"), (opened.Text("role"), opened.Text("on-disconnect")));
        Assert.Equal(0, opened.OutputBefore);
        Assert.Equal(0, opened.Number("offset"));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Typed_between_packets_of_the_protocol_it_is_input_as_any_other()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.OpenAsync(router, Request.Open(shell: "read a; read b; echo \"<$a><$b>\""));

        await peer.SendBytesAsync((byte[])
        [
            .. SessionPeer.Packet(0, "on"u8, modifier1: 0),
            .. SessionPeer.Packet(0, "e\rt"u8),
            .. SessionPeer.Packet(0, []),
            .. SessionPeer.Packet(0, "wo"u8, modifier1: 0),
            .. SessionPeer.Packet(0, "\r"u8),
        ]);

        await peer.Output.ExpectAsync("<one><two>");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Rows_columns_and_signals_of_uWSGI_are_obeyed_between_them()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.OpenAsync(router, Request.Open(shell: "trap 'stty size' USR1; echo go; while :; do read x; done"));
        await peer.Output.ExpectAsync("go\r\n");

        await peer.SendBytesAsync((byte[])[.. SocketClient.Packet(100, 41, []), .. SocketClient.Packet(101, 99, []), .. SocketClient.Packet(10, 0, [])]);

        await peer.Output.ExpectAsync("41 99\r\n");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task DATA_as_the_first_request_opens_the_default_session_too()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup { Command = "cat" });
        await using var peer = await SessionPeer.ConnectAsync(router);

        await peer.TypeAsync("hello\r");

        await peer.ExpectAsync(PacketType.Opened);
        await peer.Output.ExpectAsync("hello\r\nhello\r\n");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task EOF_as_the_first_request_opens_it_and_ends_its_input()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup { Command = "cat; echo over; exit 3" });
        await using var peer = await SessionPeer.ConnectAsync(router);

        await peer.SendAsync(PacketType.EndOfInput);

        var exit = await peer.ExpectExitAsync();
        Assert.Equal(3, exit.Number("code"));
        Assert.EndsWith("over\r\n", peer.Output.Text, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Input_in_one_write_with_OPEN_waits_for_the_program()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.ConnectSilentlyAsync(router);
        byte[] line = [.. Enumerable.Repeat((byte)'x', 3_000), (byte)'\r'];

        await peer.SendBytesAsync((byte[])
        [
            .. SessionPeer.Upgrade(24, 80),
            .. SessionPeer.Packet(PacketType.Open, Request.Payload(Request.Open(shell: "stty -echo; read line; echo length-${#line}"))),
            .. SessionPeer.Packet(PacketType.Data, line),
        ]);

        await peer.Output.ExpectAsync("length-3000");
    }
}
