namespace Forkpty.Protocol.Tests;

/// <summary>Reads a stream in pieces and says what came, the fragments of a stdin packet joined again.</summary>
internal static class Wire
{
    public static string[] Read(params byte[][] pieces)
    {
        var reader = new PacketReader();
        var said = new List<string>();
        var joined = -1; // bytes still to come of the packet whose text is the last one in `said`
        foreach (var piece in pieces)
        {
            ReadOnlySpan<byte> input = piece;
            while (reader.TryRead(ref input, out var packet))
            {
                if (packet.Kind != PacketKind.Stdin)
                {
                    said.Add(Describe(packet));
                    continue;
                }

                if (packet.Payload.IsEmpty)
                    throw new InvalidOperationException("an empty fragment");
                if (joined <= 0)
                {
                    said.Add($"stdin {packet.Modifier1} ");
                    joined = packet.Header.Size;
                }

                said[^1] += Convert.ToHexStringLower(packet.Payload);
                joined -= packet.Payload.Length;
            }

            if (!input.IsEmpty)
                throw new InvalidOperationException("the reader left input");
        }

        return [.. said];
    }

    private static string Describe(Packet packet)
    {
        if (!packet.Payload.IsEmpty)
            throw new InvalidOperationException("a payload where there is none");
        return packet.Kind switch
        {
            PacketKind.Signal => $"signal {packet.Value}",
            PacketKind.Rows => $"rows {packet.Value}",
            PacketKind.Columns => $"columns {packet.Value}",
            _ => $"unknown {packet.Modifier2} {packet.Value}",
        };
    }
}
