namespace Forkpty.Protocol;

/// <summary>Writes the packets that a client sends to a router.</summary>
public static class PacketWriter
{
    /// <summary>
    /// The largest stdin payload for a router of uWSGI, whose read buffer is one page of 4,096 bytes, header included:
    /// one byte more and it closes the session. It also loses what follows a stdin packet in the same read, so send it one
    /// packet at a time.
    /// </summary>
    public const int MaxStdinToUwsgi = 4_092;

    /// <summary>The largest stdin payload that a header can announce.</summary>
    public const int MaxStdin = ushort.MaxValue;

    /// <summary>Bytes that <see cref="WriteWindow"/> writes.</summary>
    public const int WindowLength = 2 * UwsgiHeader.Length;

    /// <summary>Writes the header of a stdin packet; <paramref name="payloadLength"/> bytes of payload have to follow.</summary>
    /// <param name="destination">Room for at least 4 bytes.</param>
    /// <param name="payloadLength">0 to 65,535 bytes; a router reads a packet of 0 as nothing.</param>
    /// <returns>The bytes written: 4.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The length fits no header, or there is no room.</exception>
    public static int WriteStdinHeader(Span<byte> destination, int payloadLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(payloadLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payloadLength, MaxStdin);
        new UwsgiHeader(0, (ushort)payloadLength, UwsgiModifier.Stdin).Write(destination);
        return UwsgiHeader.Length;
    }

    /// <summary>Writes a whole stdin packet, header and payload.</summary>
    /// <param name="destination">Room for 4 bytes more than the payload.</param>
    /// <param name="payload">0 to 65,535 bytes; may lie in <paramref name="destination"/> where it has to go.</param>
    /// <returns>The bytes written.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The payload fits no packet, or there is no room for the header.</exception>
    /// <exception cref="ArgumentException">There is no room for the payload.</exception>
    public static int WriteStdin(Span<byte> destination, ReadOnlySpan<byte> payload)
    {
        // The payload first: where it overlaps the place of the header, the header must not overwrite it.
        payload.CopyTo(destination[UwsgiHeader.Length..]);
        return WriteStdinHeader(destination, payload.Length) + payload.Length;
    }

    /// <summary>Writes a signal packet.</summary>
    /// <param name="destination">Room for at least 4 bytes.</param>
    /// <param name="signal">The number of the signal, 1 to 99.</param>
    /// <returns>The bytes written: 4.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is no signal packet's, or there is no room.</exception>
    public static int WriteSignal(Span<byte> destination, int signal)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(signal, UwsgiModifier.FirstSignal);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(signal, UwsgiModifier.LastSignal);
        new UwsgiHeader(0, 0, (byte)signal).Write(destination);
        return UwsgiHeader.Length;
    }

    /// <summary>Writes a new window size: a rows packet, then a columns packet. To be sent in one write, then it is applied once.</summary>
    /// <param name="destination">Room for at least 8 bytes.</param>
    /// <param name="rows">The height in characters.</param>
    /// <param name="columns">The width in characters.</param>
    /// <returns>The bytes written: 8.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no room.</exception>
    public static int WriteWindow(Span<byte> destination, ushort rows, ushort columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, WindowLength);
        new UwsgiHeader(0, rows, UwsgiModifier.Rows).Write(destination);
        new UwsgiHeader(0, columns, UwsgiModifier.Columns).Write(destination[UwsgiHeader.Length..]);
        return WindowLength;
    }
}
