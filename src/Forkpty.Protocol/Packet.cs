namespace Forkpty.Protocol;

/// <summary>One packet, or for stdin one fragment of a packet: valid as long as the bytes that were given to the reader.</summary>
public readonly ref struct Packet
{
    internal Packet(UwsgiHeader header, ReadOnlySpan<byte> payload)
    {
        Header = header;
        Payload = payload;
    }

    /// <summary>The header as it came, the same for every fragment of a stdin packet.</summary>
    public UwsgiHeader Header { get; }

    /// <summary>A piece of a stdin packet's payload, never empty there; empty in every other kind.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>What the packet asks for.</summary>
    public PacketKind Kind => Header.Kind;

    /// <summary>The signal number (1 to 99), the rows or the columns (0 to 65,535); of an unknown packet its size field; of stdin 0.</summary>
    public ushort Value => Kind switch
    {
        PacketKind.Stdin => 0,
        PacketKind.Signal => Header.Modifier2,
        _ => Header.Size,
    };

    /// <summary>The first byte of the header. Without meaning for uWSGI's router.</summary>
    public byte Modifier1 => Header.Modifier1;

    /// <summary>The last byte of the header, of use where <see cref="Kind"/> is <see cref="PacketKind.Unknown"/>.</summary>
    public byte Modifier2 => Header.Modifier2;
}
