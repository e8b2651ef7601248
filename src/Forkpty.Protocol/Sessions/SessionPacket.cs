namespace Forkpty.Protocol;

/// <summary>One packet of the session protocol, or for a stream one fragment of it: valid until the reader is used again.</summary>
public readonly ref struct SessionPacket
{
    /// <summary>modifier1 of every packet of the protocol: no byte of UTF-8, and without meaning for a router of uWSGI.</summary>
    public const byte Modifier = 0xF5;

    /// <summary>The largest payload.</summary>
    public const int MaxPayload = ushort.MaxValue;

    internal SessionPacket(UwsgiHeader header, ReadOnlySpan<byte> payload)
    {
        Header = header;
        Payload = payload;
    }

    /// <summary>The header as it came.</summary>
    public UwsgiHeader Header { get; }

    /// <summary>False for a packet of plain uwsgi mode: then <see cref="UwsgiHeader.Kind"/> tells what it is.</summary>
    public bool IsSession => Header.Modifier1 == Modifier;

    /// <summary>What it is, where <see cref="IsSession"/>.</summary>
    public SessionPacketType Type => (SessionPacketType)Header.Modifier2;

    /// <summary>The payload; of Data, Screen, StandardError and plain input a piece of it, never empty; of every other type all of it.</summary>
    public ReadOnlySpan<byte> Payload { get; }
}
