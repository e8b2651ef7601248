namespace Forkpty.EndToEnd;

public sealed class EveryModifier
{
    [Fact(Timeout = Patience.HeavyTest)]
    public async Task None_of_the_256_hurts_the_router_or_another_session()
    {
        await using var witness = await Conversation.OpenAsync(ClientKind.Socket, RouterKind.Fpty, Wire.Uwsgi);
        await witness.ReadyAsync();

        for (var modifier2 = 0; modifier2 <= 255; modifier2++)
        {
            await using var one = await Conversation.JoinAsync(witness.Router, ClientKind.Socket, Wire.Uwsgi);
            await one.Socket.SendPacketAsync((byte)modifier2, modifier2 is 100 or 101 ? (ushort)50 : (ushort)0);
        }

        await witness.ReadyAsync();
        Assert.Equal("24 80", await witness.AskAsync("stty size"));
    }
}
