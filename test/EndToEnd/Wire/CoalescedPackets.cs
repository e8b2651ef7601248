namespace Forkpty.EndToEnd;

public sealed class CoalescedPackets
{
    private static byte[] ManyInOne =>
    [
        .. SocketClient.Packet(0, 5, "echo "u8),
        .. SocketClient.Packet(0, 0, []),
        .. SocketClient.Packet(100, 41, []),
        .. SocketClient.Packet(0, 12, "$(stty size)"u8),
        .. SocketClient.Packet(101, 99, []),
        .. SocketClient.Packet(0, 9, "-$((6*7))"u8),
        .. SocketClient.Packet(0, 1, "\r"u8),
    ];

    [Fact(Timeout = Patience.Test)]
    public async Task Many_packets_in_one_write_are_each_obeyed()
    {
        await using var talk = await Conversation.OpenAsync(ClientKind.Socket, RouterKind.Fpty, Wire.Uwsgi);

        await talk.Socket.SendBytesAsync(ManyInOne);

        await talk.Output.ExpectAsync("41 99-42");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task In_uwsgi_they_wedge_the_session()
    {
        await using var talk = await Conversation.OpenAsync(ClientKind.Socket, RouterKind.Uwsgi, Wire.Uwsgi);
        await talk.Output.ExpectAsync("# ");

        await talk.Socket.SendBytesAsync(ManyInOne);

        await Assert.ThrowsAsync<ExpectationException>(() => talk.Output.ExpectAsync("41 99-42", TimeSpan.FromSeconds(1)));
    }
}
