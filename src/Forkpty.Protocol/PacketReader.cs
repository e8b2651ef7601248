namespace Forkpty.Protocol;

/// <summary>
/// Takes bytes as they come from a socket, split and coalesced in any way, and gives packets.
/// Every sequence of bytes is a valid stream: there is nothing to reject and no way to lose the beginning of a packet.
/// </summary>
/// <remarks>
/// A mutable struct of 8 bytes, so that an idle session costs no buffer: keep it in a field, never in a readonly one and
/// never copied. Not thread-safe. A payload is handed on fragment by fragment and never collected.
/// </remarks>
public struct PacketReader
{
    private uint _header; // bytes of the header that have come, the first one lowest; kept while its payload comes
    private ushort _remaining; // bytes of the current stdin packet's payload still to come
    private byte _have; // bytes of a header that has not come whole: 0 to 3

    /// <summary>Where the stream stands between two calls, for another reader that goes on from here: 8 bytes, as the reader itself.</summary>
    internal readonly ulong Position => _header | ((ulong)_remaining << 32) | ((ulong)_have << 48);

    /// <summary>A reader that goes on where another one stood.</summary>
    internal static PacketReader At(ulong position) => new() { _header = (uint)position, _remaining = (ushort)(position >> 32), _have = (byte)(position >> 48) };

    /// <summary>True where a packet has begun and not ended. At the end of a connection this means that the peer was cut off.</summary>
    public readonly bool IsInsidePacket => (_have | _remaining) != 0;

    /// <summary>Takes the next packet off the beginning of <paramref name="input"/>.</summary>
    /// <param name="input">The bytes not yet read; moved on past what was taken. Empty where the answer is false.</param>
    /// <param name="packet">The packet, or a fragment of a stdin packet, which points into <paramref name="input"/>.</param>
    /// <returns>False where the input has ended; give the following bytes to the same reader.</returns>
    public bool TryRead(ref ReadOnlySpan<byte> input, out Packet packet)
    {
        while (_remaining == 0)
        {
            if (!UwsgiHeader.TryCollect(ref input, ref _header, ref _have))
            {
                packet = default;
                return false;
            }

            var header = UwsgiHeader.Unpack(_header);
            if (header.Kind != PacketKind.Stdin)
            {
                packet = new Packet(header, default);
                return true;
            }

            _remaining = header.Size; // an empty stdin packet says nothing: on to the next header
        }

        return TryReadPayload(ref input, out packet);
    }

    private bool TryReadPayload(ref ReadOnlySpan<byte> input, out Packet packet)
    {
        var length = Math.Min(_remaining, input.Length);
        packet = new Packet(UwsgiHeader.Unpack(_header), input[..length]);
        input = input[length..];
        _remaining -= (ushort)length;
        return length > 0;
    }
}
