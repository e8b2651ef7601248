namespace Forkpty.Protocol;

/// <summary>
/// Takes bytes as they come from a socket, split and coalesced in any way, and gives packets of the session protocol and, from a client, of plain uwsgi mode between
/// them. Every sequence of bytes is a stream of packets; whether a payload means something is for who asked for it to say.
/// </summary>
/// <remarks>
/// A mutable struct: keep it in a field and never copy it. Streams are handed on fragment by fragment; any other payload is collected, at most 64 KiB and only while it has not come whole.
/// </remarks>
public struct SessionPacketReader
{
    private uint _header;
    private byte _have; // bytes of a header that has not come whole
    private bool _inPayload;
    private ushort _remaining; // bytes of the payload still to come
    private byte[]? _collected;

    /// <summary>Where the stream stands between two calls, with what has been collected of a payload, for another reader that goes on from here.</summary>
    internal readonly (ulong Position, ReadOnlyMemory<byte> Collected) Position =>
        (_header | ((ulong)_remaining << 32) | ((ulong)_have << 48) | (_inPayload ? 1UL << 56 : 0), _collected);

    /// <summary>A reader that goes on where another one stood.</summary>
    internal static SessionPacketReader At(ulong position, byte[] collected) => new()
    {
        _header = (uint)position,
        _remaining = (ushort)(position >> 32),
        _have = (byte)(position >> 48),
        _inPayload = position >> 56 != 0,
        _collected = collected.Length > 0 ? collected : null,
    };

    /// <summary>Takes the next packet off the beginning of <paramref name="input"/>.</summary>
    /// <param name="input">The bytes not yet read; moved on past what was taken. Empty where the answer is false.</param>
    /// <param name="packet">The packet or fragment; it points into the input or into the reader.</param>
    /// <returns>False where the input has ended; give the following bytes to the same reader.</returns>
    public bool TryRead(ref ReadOnlySpan<byte> input, out SessionPacket packet)
    {
        while (true)
        {
            if (!_inPayload && !UwsgiHeader.TryCollect(ref input, ref _header, ref _have))
            {
                packet = default;
                return false;
            }

            var header = UwsgiHeader.Unpack(_header);
            if (_inPayload ? TryReadPayload(header, ref input, out packet) : TryBeginPayload(header, out packet))
                return true;
            if (_inPayload && input.IsEmpty)
                return false;
        }
    }

    /// <summary>A header has come: the packet, where nothing follows it.</summary>
    private bool TryBeginPayload(UwsgiHeader header, out SessionPacket packet)
    {
        _remaining = HasPayload(header) ? header.Size : (ushort)0;
        _inPayload = _remaining > 0;
        packet = new SessionPacket(header, default);
        return !_inPayload && !IsStream(header); // an empty piece of a stream says nothing
    }

    private bool TryReadPayload(UwsgiHeader header, ref ReadOnlySpan<byte> input, out SessionPacket packet)
    {
        int count = Math.Min(_remaining, input.Length);
        if (count == 0)
        {
            packet = default;
            return false; // nothing is collected of nothing: a message that comes whole after it needs no memory
        }

        ReadOnlySpan<byte> piece = input[..count];
        input = input[count..];
        int collected = header.Size - _remaining;
        _remaining -= (ushort)count;
        _inPayload = _remaining > 0;
        if (IsStream(header) || count == header.Size)
        {
            packet = new SessionPacket(header, piece);
            return true;
        }

        _collected ??= new byte[header.Size];
        piece.CopyTo(_collected.AsSpan(collected));
        packet = new SessionPacket(header, _collected);
        if (_inPayload)
            return false;
        _collected = null; // the packet keeps it
        return true;
    }

    private static bool HasPayload(UwsgiHeader header) => header.Modifier1 == SessionPacket.Modifier
        ? (SessionPacketType)header.Modifier2 is not (SessionPacketType.Rows or SessionPacketType.Columns)
        : header.Kind == PacketKind.Stdin;

    private static bool IsStream(UwsgiHeader header) => header.Modifier1 == SessionPacket.Modifier
        ? (SessionPacketType)header.Modifier2 is SessionPacketType.Data or SessionPacketType.Screen or SessionPacketType.StandardError
        : header.Kind == PacketKind.Stdin;
}
