namespace Forkpty.EndToEnd;

public sealed class SplitPackets
{
    [Theory(Timeout = Patience.Test)]
    [InlineData(RouterKind.Fpty)]
    [InlineData(RouterKind.Uwsgi)]
    public async Task Packets_that_come_byte_by_byte_mean_the_same(RouterKind router)
    {
        await using var talk = await Conversation.OpenAsync(ClientKind.Socket, router, Wire.Uwsgi);
        await talk.ReadyAsync(); // its prompt does not come between
        byte[] wire =
        [
            .. SocketClient.Packet(100, 31, []),
            .. SocketClient.Packet(101, 301, []),
            .. SocketClient.Packet(0, 26, "echo $(stty size)-$((3*7))"u8),
        ];

        foreach (var one in wire)
            await talk.Socket.SendBytesAsync(new[] { one });
        await talk.Output.ExpectAsync("-$((3*7))");
        await talk.Client.TypeAsync("\r");

        await talk.Output.ExpectAsync("31 301-21");
    }
}
