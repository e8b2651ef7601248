using System.Diagnostics;
using System.Text;

namespace Forkpty.EndToEnd.Sessions;

public sealed class Fuzz
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(Extent.Of(4, 120));

    // Nothing but /bin/cat is ever started: what is changed in a command gives a program that is not there, or other arguments of cat.
    private static readonly string[] Messages =
    [
        """{"session":"fuzz","mode":"attach-or-new","command":["/bin/cat"],"on-disconnect":"keep=1","environment":{"A":"","B":"x"},"term":"xterm"}""",
        """{"command":["/bin/cat"],"terminal":false,"on-disconnect":"hup"}""",
        """{"session":"fuzz","mode":"attach","role":"viewer"}""",
        """{"session":"fuzz","mode":"attach","take":true}""",
        """{"session":"witness","mode":"attach","role":"viewer"}""",
        """{"resume":"x","received":12}""",
        """{"session":"fuzz"}""",
        """{"session":"fuzz","signal":1}""",
        "{}",
    ];

    private static readonly string[] Tokens = ["{", "}", "[", "]", ",", ":", "\"", "\\", "\\ud800", "null", "-1", "1e400", "99999999999999999999", "\0", " ", "é", "\"keep\"", "\"kill\""];

    [Theory(Timeout = 300_000)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Packets_of_any_kind_in_any_order_hurt_nobody(int seed)
    {
        var setup = new RouterSetup { Command = "/bin/cat" }.With("forkptyrouter-allow-command");
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty, setup);
        await using var witness = await SessionPeer.OpenAsync(router, Request.Open("witness", command: ["/bin/cat"], onDisconnect: "kill"));
        await EchoAsync(witness, "before");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => VisitAsync(router, new Random(-i))));
        int memory = ProcessFacts.ResidentKiB(router.ProcessId);

        var watch = Stopwatch.StartNew();
        int visits = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async lane =>
        {
            while (watch.Elapsed < Bound)
                await VisitAsync(router, new Random(seed * 1_000_000 + Interlocked.Increment(ref visits)));
        }));

        await EchoAsync(witness, "after");
        Assert.True(visits > 20, $"only {visits} visits");
        await EndAllAsync(router);
        TestContext.Current.TestOutputHelper?.WriteLine($"{visits} visits, {ProcessFacts.ResidentKiB(router.ProcessId) - memory} KiB more");
        Assert.InRange(ProcessFacts.ResidentKiB(router.ProcessId) - memory, int.MinValue, 24 * 1024);
        await Patience.UntilAsync(() => router.Facts() is { Masters: 1, Zombies: 0 }, "the end of all sessions but the witness");
        await Patience.UntilAsync(() => ProcessFacts.Descendants(router.ProcessId) is [var only] && only == witness.Pid, "no program but the witness");
    }

    private static async Task VisitAsync(RouterProcess router, Random random)
    {
        await using var peer = await SessionPeer.ConnectSilentlyAsync(router, read: random.Next(8) > 0, keepsOutput: false);
        var stream = new List<byte>();
        if (random.Next(10) > 0)
            stream.AddRange(SessionPeer.Upgrade(random.Next(100), random.Next(200)));
        for (int packets = random.Next(1, 15); packets > 0; packets--)
            stream.AddRange(Packet(random));
        var rest = stream.ToArray().AsMemory(0, random.Next(2) == 0 ? stream.Count : random.Next(1, stream.Count));
        try
        {
            while (rest.Length > 0)
            {
                int piece = Math.Min(rest.Length, random.Next(3) switch { 0 => random.Next(1, 5), 1 => random.Next(1, 100), _ => random.Next(1, 70_000) });
                if (rest.Length > 3_000)
                    piece = Math.Max(piece, 1_000);
                await peer.SendBytesAsync(rest[..piece], TimeSpan.FromMilliseconds(200));
                rest = rest[piece..];
            }

            if (random.Next(3) == 0)
                peer.HalfClose();
            if (random.Next(3) == 0)
                await peer.ExpectEndAsync(TimeSpan.FromMilliseconds(20));
        }
        catch (Exception e) when (e is System.Net.Sockets.SocketException or OperationCanceledException or ExpectationException)
        {
            // The router has ended the session, or does not read for a program that does not: no fault of either.
        }
    }

    private static byte[] Packet(Random random)
    {
        byte type = random.Next(5) switch
        {
            0 => (byte)random.Next(256),
            1 => PacketType.Open,
            _ => (byte)random.Next(10),
        };
        byte[] payload = type switch
        {
            PacketType.Open or PacketType.Kill or PacketType.Detach when random.Next(8) > 0 => Message(random, isOpen: type == PacketType.Open),
            PacketType.WindowSize when random.Next(8) > 0 => [(byte)random.Next(256), 0, (byte)random.Next(256), (byte)random.Next(2), .. Bytes(random, 4)],
            PacketType.Signal when random.Next(8) > 0 => [(byte)random.Next(1, 18)],
            PacketType.EndOfInput or PacketType.List or PacketType.Events when random.Next(8) > 0 => [],
            PacketType.Ping => Bytes(random, random.Next(70)),
            _ => Bytes(random, random.Next(20) == 0 ? random.Next(65_536) : random.Next(64)),
        };
        byte[] packet = SessionPeer.Packet(type, payload, random.Next(6) == 0 ? (byte)random.Next(256) : (byte)0xF5);
        if (random.Next(30) == 0)
            packet[1 + random.Next(2)] = (byte)random.Next(256); // a length that lies
        return packet;
    }

    private static byte[] Message(Random random, bool isOpen)
    {
        // KILL and DETACH never get the name of the witness, which has to live.
        var text = new StringBuilder(Messages[isOpen ? random.Next(Messages.Length) : random.Next(6, Messages.Length)]);
        for (int changes = random.Next(4) - 1; changes > 0 && text.Length > 1; changes--)
        {
            int at = random.Next(text.Length);
            switch (random.Next(3))
            {
                case 0:
                    text.Insert(at, Tokens[random.Next(Tokens.Length)]);
                    break;
                case 1:
                    text.Remove(at, Math.Min(random.Next(1, 8), text.Length - at));
                    break;
                default:
                    text[at] = (char)random.Next(32, 127);
                    break;
            }
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static byte[] Bytes(Random random, int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static async Task EndAllAsync(RouterProcess router)
    {
        await using var peer = await SessionPeer.ConnectAsync(router);
        foreach (var session in await peer.ListAsync())
        {
            if (session.Text("session") != "witness")
                await peer.SendAsync(PacketType.Kill, Request.Of(session.Text("session"), 9));
        }

        await peer.ExpectSessionsAsync(1);
    }

    private static async Task EchoAsync(SessionPeer peer, string word)
    {
        await peer.TypeAsync(word + "\r");
        await peer.Output.ExpectAsync($"{word}\r\n{word}\r\n");
    }
}
