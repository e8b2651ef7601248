namespace Forkpty.Protocol;

/// <summary>What a packet from client to router asks for.</summary>
public enum PacketKind : byte
{
    /// <summary>Input for the program: <see cref="Packet.Payload"/>.</summary>
    Stdin,

    /// <summary>A signal for the program: <see cref="Packet.Value"/> is its number, 1 to 99.</summary>
    Signal,

    /// <summary>A new height: <see cref="Packet.Value"/> is the number of rows.</summary>
    Rows,

    /// <summary>A new width: <see cref="Packet.Value"/> is the number of columns.</summary>
    Columns,

    /// <summary>A modifier2 from 102 to 255, to be ignored and counted.</summary>
    Unknown,
}
