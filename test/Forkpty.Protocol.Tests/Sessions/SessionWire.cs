using System.Text;
using Xunit;

namespace Forkpty.Protocol.Tests;

/// <summary>Reads a stream of session packets in pieces and says what came, the fragments of a stream joined again.</summary>
internal static class SessionWire
{
    private static readonly byte[] Streams = [0, 41, 42];

    /// <summary>Session packets as <c>TYPE:HEX</c>, plain ones as <c>plain KIND SIZE:HEX</c>.</summary>
    public static List<string> Read(params byte[][] pieces)
    {
        var reader = new SessionPacketReader();
        var said = new List<string>();
        var text = new StringBuilder();
        int toCome = 0; // bytes still to come of the stream packet in `text`
        foreach (byte[] piece in pieces)
        {
            ReadOnlySpan<byte> input = piece;
            while (reader.TryRead(ref input, out SessionPacket packet))
            {
                if (!IsStream(packet))
                {
                    Assert.Equal(0, toCome);
                    said.Add(Describe(packet) + Convert.ToHexStringLower(packet.Payload));
                    continue;
                }

                Assert.False(packet.Payload.IsEmpty, "an empty fragment");
                if (toCome == 0)
                {
                    text.Append(Describe(packet));
                    toCome = packet.Header.Size;
                }

                text.Append(Convert.ToHexStringLower(packet.Payload));
                toCome -= packet.Payload.Length;
                if (toCome > 0)
                    continue;
                said.Add(text.ToString());
                text.Clear();
            }

            Assert.True(input.IsEmpty, "the reader left input");
        }

        return said;
    }

    /// <summary>What <see cref="Read"/> says of the same stream, worked out by the table of docs/protocol.md alone, on all bytes at once.</summary>
    public static List<string> Expect(ReadOnlySpan<byte> stream)
    {
        var said = new List<string>();
        while (stream.Length >= 4)
        {
            (byte modifier1, int size, byte type) = (stream[0], stream[1] | (stream[2] << 8), stream[3]);
            stream = stream[4..];
            bool hasPayload = modifier1 == 0xF5 ? type is not (100 or 101) : type == 0;
            if (hasPayload && stream.Length < size)
                break;
            string payload = hasPayload ? Convert.ToHexStringLower(stream[..size]) : "";
            stream = stream[(hasPayload ? size : 0)..];
            if (modifier1 != 0xF5)
            {
                if (type != 0 || size > 0)
                    said.Add($"plain {type} {size}:{payload}");
            }
            else if (!Streams.Contains(type) || size > 0)
            {
                said.Add(type is 100 or 101 ? $"{type} {size}:" : $"{type}:{payload}");
            }
        }

        return said;
    }

    /// <summary>One packet, written by hand.</summary>
    public static byte[] Packet(byte type, ReadOnlySpan<byte> payload, byte modifier1 = 0xF5) =>
        [modifier1, (byte)payload.Length, (byte)(payload.Length >> 8), type, .. payload];

    /// <summary>The stream cut into pieces of random lengths, empty ones too.</summary>
    public static byte[][] Cut(Random random, byte[] stream)
    {
        var pieces = new List<byte[]>();
        int longest = random.Next(4) == 0 ? random.Next(1, 70_000) : random.Next(1, 40);
        for (int at = 0; at < stream.Length;)
        {
            int length = Math.Min(random.Next(longest + 1), stream.Length - at);
            pieces.Add(stream[at..(at + length)]);
            at += length;
        }

        return [.. pieces];
    }

    private static bool IsStream(SessionPacket packet) =>
        packet.IsSession ? Streams.Contains((byte)packet.Type) : packet.Header.Kind == PacketKind.Stdin;

    private static string Describe(SessionPacket packet) => packet switch
    {
        { IsSession: false } => $"plain {packet.Header.Modifier2} {packet.Header.Size}:",
        { Type: SessionPacketType.Rows or SessionPacketType.Columns } => $"{(byte)packet.Type} {packet.Header.Size}:",
        _ => $"{(byte)packet.Type}:",
    };
}
