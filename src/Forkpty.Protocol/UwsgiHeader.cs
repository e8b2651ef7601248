using System.Buffers.Binary;

namespace Forkpty.Protocol;

/// <summary>The four bytes before every packet from client to router: modifier1, size (little-endian), modifier2.</summary>
/// <param name="Modifier1">Ignored by the forkpty router of uWSGI, 0 in its client.</param>
/// <param name="Size">Bytes of payload after a stdin header (0 to 65,535); in a window packet the rows or columns themselves.</param>
/// <param name="Modifier2">What the packet is: see <see cref="UwsgiModifier"/>.</param>
public readonly record struct UwsgiHeader(byte Modifier1, ushort Size, byte Modifier2)
{
    /// <summary>Bytes of a header on the wire.</summary>
    public const int Length = 4;

    /// <summary>What a packet with this header is.</summary>
    public PacketKind Kind => Modifier2 switch
    {
        UwsgiModifier.Stdin => PacketKind.Stdin,
        UwsgiModifier.Rows => PacketKind.Rows,
        UwsgiModifier.Columns => PacketKind.Columns,
        <= UwsgiModifier.LastSignal => PacketKind.Signal,
        _ => PacketKind.Unknown,
    };

    /// <summary>Reads the header at the beginning of <paramref name="source"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than <see cref="Length"/> bytes are given.</exception>
    public static UwsgiHeader Read(ReadOnlySpan<byte> source) => Unpack(BinaryPrimitives.ReadUInt32LittleEndian(source));

    /// <summary>Writes the header at the beginning of <paramref name="destination"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is room for fewer than <see cref="Length"/> bytes.</exception>
    public void Write(Span<byte> destination) =>
        BinaryPrimitives.WriteUInt32LittleEndian(destination, Modifier1 | ((uint)Size << 8) | ((uint)Modifier2 << 24));

    /// <summary>Takes the bytes of a header off the beginning of what has come, where they may come in pieces.</summary>
    /// <param name="input">The bytes not yet read; moved on past what was taken.</param>
    /// <param name="collected">What has come of the header, the first byte lowest; kept by the caller between calls.</param>
    /// <param name="have">How many of its bytes have come, 0 to 3; kept by the caller between calls.</param>
    /// <returns>False where the input has ended before it was whole.</returns>
    internal static bool TryCollect(ref ReadOnlySpan<byte> input, ref uint collected, ref byte have)
    {
        if (have == 0 && input.Length >= Length)
        {
            collected = BinaryPrimitives.ReadUInt32LittleEndian(input);
            input = input[Length..];
            return true;
        }

        var taken = 0;
        while (taken < input.Length && have < Length)
        {
            collected = have == 0 ? input[taken] : collected | ((uint)input[taken] << (8 * have));
            have++;
            taken++;
        }

        input = input[taken..];
        if (have < Length)
            return false;

        have = 0;
        return true;
    }

    /// <summary>A header from its four bytes, the first one in the lowest 8 bits.</summary>
    internal static UwsgiHeader Unpack(uint bytes) => new((byte)bytes, (ushort)(bytes >> 8), (byte)(bytes >> 24));
}
