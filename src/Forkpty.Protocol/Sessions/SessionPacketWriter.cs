using System.Buffers.Binary;

namespace Forkpty.Protocol;

/// <summary>Writes packets of the session protocol.</summary>
public static class SessionPacketWriter
{
    /// <summary>Bytes of a packet that carries a window's size.</summary>
    public const int SizeLength = UwsgiHeader.Length + 8;

    /// <summary>Bytes of a packet that carries an ACK.</summary>
    public const int AcknowledgeLength = UwsgiHeader.Length + 8;

    /// <summary>Writes a header; <paramref name="payloadLength"/> bytes have to follow.</summary>
    /// <param name="destination">Room for 4 bytes.</param>
    /// <param name="type">The packet's type.</param>
    /// <param name="payloadLength">0 to 65,535 bytes.</param>
    /// <returns>The bytes written: 4.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The length fits no header, or there is no room.</exception>
    public static int WriteHeader(Span<byte> destination, SessionPacketType type, int payloadLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(payloadLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payloadLength, SessionPacket.MaxPayload);
        new UwsgiHeader(SessionPacket.Modifier, (ushort)payloadLength, (byte)type).Write(destination);
        return UwsgiHeader.Length;
    }

    /// <summary>A whole packet.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="payload">At most 65,535 bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The payload fits no packet.</exception>
    public static byte[] Packet(SessionPacketType type, ReadOnlySpan<byte> payload)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, SessionPacket.MaxPayload);
        byte[] packet = new byte[UwsgiHeader.Length + payload.Length];
        WriteHeader(packet, type, payload.Length);
        payload.CopyTo(packet.AsSpan(UwsgiHeader.Length));
        return packet;
    }

    /// <summary>Writes the client's first two packets, which ask for the session protocol and are a window's size for a router of uWSGI. To be sent in one write.</summary>
    /// <param name="destination">Room for 8 bytes.</param>
    /// <param name="rows">The height in characters, 0 without a window.</param>
    /// <param name="columns">The width in characters, 0 without a window.</param>
    /// <returns>The bytes written: 8.</returns>
    public static int WriteUpgrade(Span<byte> destination, ushort rows, ushort columns)
    {
        new UwsgiHeader(SessionPacket.Modifier, rows, (byte)SessionPacketType.Rows).Write(destination);
        new UwsgiHeader(SessionPacket.Modifier, columns, (byte)SessionPacketType.Columns).Write(destination[UwsgiHeader.Length..]);
        return 2 * UwsgiHeader.Length;
    }

    /// <summary>Writes a packet with a window's size.</summary>
    /// <param name="destination">Room for <see cref="SizeLength"/> bytes.</param>
    /// <param name="rows">The height in characters.</param>
    /// <param name="columns">The width in characters.</param>
    /// <param name="widthInPixels">0 where it is not known.</param>
    /// <param name="heightInPixels">0 where it is not known.</param>
    /// <returns>The bytes written.</returns>
    public static int WriteSize(Span<byte> destination, ushort rows, ushort columns, ushort widthInPixels = 0, ushort heightInPixels = 0)
    {
        int start = WriteHeader(destination, SessionPacketType.WindowSize, SizeLength - UwsgiHeader.Length);
        Span<byte> payload = destination[start..];
        BinaryPrimitives.WriteUInt16LittleEndian(payload, rows);
        BinaryPrimitives.WriteUInt16LittleEndian(payload[2..], columns);
        BinaryPrimitives.WriteUInt16LittleEndian(payload[4..], widthInPixels);
        BinaryPrimitives.WriteUInt16LittleEndian(payload[6..], heightInPixels);
        return SizeLength;
    }

    /// <summary>Reads what <see cref="WriteSize"/> wrote.</summary>
    /// <param name="payload">The packet's payload.</param>
    /// <param name="rows">The height in characters.</param>
    /// <param name="columns">The width in characters.</param>
    /// <param name="widthInPixels">0 where it is not known.</param>
    /// <param name="heightInPixels">0 where it is not known.</param>
    /// <returns>False where the payload has not 8 bytes.</returns>
    public static bool TryReadSize(ReadOnlySpan<byte> payload, out ushort rows, out ushort columns, out ushort widthInPixels, out ushort heightInPixels)
    {
        rows = columns = widthInPixels = heightInPixels = 0;
        if (payload.Length != SizeLength - UwsgiHeader.Length) return false;
        rows = BinaryPrimitives.ReadUInt16LittleEndian(payload);
        columns = BinaryPrimitives.ReadUInt16LittleEndian(payload[2..]);
        widthInPixels = BinaryPrimitives.ReadUInt16LittleEndian(payload[4..]);
        heightInPixels = BinaryPrimitives.ReadUInt16LittleEndian(payload[6..]);
        return true;
    }

    /// <summary>Writes an ACK.</summary>
    /// <param name="destination">Room for <see cref="AcknowledgeLength"/> bytes.</param>
    /// <param name="taken">Bytes of input taken in all.</param>
    /// <returns>The bytes written.</returns>
    public static int WriteAcknowledge(Span<byte> destination, long taken)
    {
        int start = WriteHeader(destination, SessionPacketType.Acknowledge, AcknowledgeLength - UwsgiHeader.Length);
        BinaryPrimitives.WriteInt64LittleEndian(destination[start..], taken);
        return AcknowledgeLength;
    }

    /// <summary>Reads what <see cref="WriteAcknowledge"/> wrote.</summary>
    /// <param name="payload">The packet's payload.</param>
    /// <param name="taken">Bytes of input taken in all.</param>
    /// <returns>False where the payload is no number that can be one.</returns>
    public static bool TryReadAcknowledge(ReadOnlySpan<byte> payload, out long taken)
    {
        taken = payload.Length == AcknowledgeLength - UwsgiHeader.Length ? BinaryPrimitives.ReadInt64LittleEndian(payload) : -1;
        return taken >= 0;
    }
}
