namespace Forkpty.EndToEnd;

public sealed class UnknownModifiers
{
    [Fact(Timeout = Patience.Test)]
    public async Task Modifier2_from_65_on_is_ignored_unless_it_is_the_window()
    {
        await using var talk = await Conversation.OpenAsync(ClientKind.Socket, RouterKind.Fpty, Wire.Uwsgi);
        await talk.ReadyAsync();

        for (var modifier2 = 65; modifier2 <= 255; modifier2++)
        {
            if (modifier2 is not (100 or 101))
                await talk.Socket.SendPacketAsync((byte)modifier2, 0);
        }

        Assert.Equal("42 24 80", await talk.AskAsync("echo $((6*7)) $(stty size)"));
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData(RouterKind.Fpty)]
    [InlineData(RouterKind.Uwsgi)]
    public async Task Modifier1_is_ignored(RouterKind router)
    {
        await using var talk = await Conversation.OpenAsync(ClientKind.Socket, router, Wire.Uwsgi);
        await talk.ReadyAsync();

        await talk.Socket.SendBytesAsync(SocketClient.Packet(0, 16, "echo m-$((5*5))\r"u8, modifier1: 17));

        await talk.Output.ExpectAsync("m-25");
    }
}
