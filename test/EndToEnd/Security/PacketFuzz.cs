namespace Forkpty.EndToEnd;

public sealed class PacketFuzz
{
    private const int Connections = 300;

    [Theory(Timeout = Patience.HeavyTest)]
    [InlineData(1)]
    [InlineData(20)]
    public async Task Random_packets_in_random_pieces_hurt_nobody(int seed)
    {
        var random = new Random(seed);
        await using var witness = await Conversation.OpenAsync(
            ClientKind.Socket, RouterKind.Fpty, Wire.Uwsgi, new RouterSetup { Command = "/bin/cat" });
        await EchoAsync(witness, "before");
        var memory = ProcessFacts.ResidentKiB(witness.Router.ServingProcessId);

        for (var i = 0; i < Connections; i++)
            await SendGarbageAsync(witness.Router, random);

        await EchoAsync(witness, "after");
        var growth = ProcessFacts.ResidentKiB(witness.Router.ServingProcessId) - memory;
        Assert.InRange(growth, int.MinValue, 16 * 1024);
        await Patience.UntilAsync(() => witness.Router.Facts().Masters == 1, "the end of all sessions but the witness");
    }

    private static async Task SendGarbageAsync(RouterProcess router, Random random)
    {
        await using var client = await SocketClient.ConnectAsync(router.UwsgiAddress, Wire.Uwsgi);
        var bytes = new List<byte>();
        for (var packet = random.Next(1, 12); packet > 0; packet--)
        {
            var payload = new byte[random.Next(4) == 0 ? random.Next(65_536) : random.Next(64)];
            random.NextBytes(payload);
            var modifier2 = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)0;
            bytes.AddRange(SocketClient.Packet(modifier2, (ushort)payload.Length, modifier2 == 0 ? payload : [], (byte)random.Next(256)));
        }

        // Sometimes the last packet is cut anywhere, its header too.
        var all = bytes.ToArray().AsMemory(0, random.Next(2) == 0 ? bytes.Count : random.Next(1, bytes.Count));
        try
        {
            while (all.Length > 0)
            {
                var piece = Math.Min(all.Length, random.Next(3) switch { 0 => 1, 1 => random.Next(1, 100), _ => random.Next(1, 70_000) });
                if (piece == 1 && all.Length > 2_000)
                    piece = 1_000;

                // A program that does not read is no fault: then the router takes no more, and this client goes away.
                if (await client.SendWhileTakenAsync(all[..piece], TimeSpan.FromMilliseconds(100)) < piece)
                    return;
                all = all[piece..];
            }
        }
        catch (System.Net.Sockets.SocketException)
        {
            // The router has ended the session: a signal among the packets may have ended the program.
        }
    }

    private static async Task EchoAsync(Conversation talk, string word)
    {
        await talk.TypeLineAsync(word);
        await talk.Output.ExpectAsync($"{word}\r\n{word}\r\n");
    }
}
