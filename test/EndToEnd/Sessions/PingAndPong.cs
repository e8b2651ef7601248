namespace Forkpty.EndToEnd.Sessions;

public sealed class PingAndPong
{
    [Theory(Timeout = Patience.Test)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(64)]
    public async Task PONG_has_what_PING_had(int length)
    {
        byte[] word = new byte[length];
        new Random(length).NextBytes(word);
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.ConnectAsync(router);

        await peer.SendAsync(PacketType.Ping, word);
        Assert.Equal(word, (await peer.ExpectAsync(PacketType.Pong)).Payload);

        await peer.OpenAsync(Request.Open(shell: "cat"));
        await peer.SendAsync(PacketType.Ping, word);
        Assert.Equal(word, (await peer.ExpectAsync(PacketType.Pong)).Payload);
    }
}
