using System.Diagnostics;
using System.Text;
using Forkpty.Protocol;

namespace Forkpty.Bench;

/// <summary>A session opened by the session protocol (docs/protocol.md): as little of a client as that takes.</summary>
internal sealed class SessionConnection : Connection
{
    private SessionPacketReader _packets;

    private SessionConnection(int fd)
        : base(fd, framed: false, child: 0)
    {
    }

    /// <summary>Connects, and returns when the router says that the session runs.</summary>
    public static SessionConnection Open(ReadOnlySpan<byte> address, OpenRequest request, ushort rows, ushort columns)
    {
        SessionConnection session = new(Connect(address));
        try
        {
            Span<byte> upgrade = stackalloc byte[2 * UwsgiHeader.Length];
            SessionPacketWriter.WriteUpgrade(upgrade, rows, columns);
            session.WriteAll(upgrade);
            session.Expect(SessionPacketType.Hello);
            session.WriteAll(SessionPacketWriter.Packet(SessionPacketType.Open, request.ToPayload()));
            session.Expect(SessionPacketType.Opened);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Reads what paints the screen, right after an attach; nothing else may come meanwhile.</summary>
    /// <returns>Bytes, and when the last one was here; both 0 where there was nothing to paint.</returns>
    public (int Bytes, long At) ReceiveScreen()
    {
        // The answer to a ping comes after everything that was sent before it.
        WriteAll(SessionPacketWriter.Packet(SessionPacketType.Ping, []));
        byte[] payload = GC.AllocateUninitializedArray<byte>(SessionPacket.MaxPayload);
        int bytes = 0;
        long at = 0;
        while (ReadPacket(payload) is var header && (SessionPacketType)header.Modifier2 != SessionPacketType.Pong)
        {
            if ((SessionPacketType)header.Modifier2 != SessionPacketType.Screen)
                continue;
            bytes += header.Size;
            at = Stopwatch.GetTimestamp();
        }
        return (bytes, at);
    }

    public override void Send(ReadOnlySpan<byte> bytes)
    {
        Span<byte> packet = stackalloc byte[UwsgiHeader.Length + bytes.Length];
        SessionPacketWriter.WriteHeader(packet, SessionPacketType.Data, bytes.Length);
        bytes.CopyTo(packet[UwsgiHeader.Length..]);
        WriteAll(packet);
    }

    /// <summary>Waits for output: of what came in one read, the packets are moved together where they are.</summary>
    public override int Receive(Span<byte> buffer)
    {
        while (true)
        {
            int count = base.Receive(buffer);
            if (count == 0)
                return 0;
            ReadOnlySpan<byte> input = buffer[..count];
            int output = 0;
            while (_packets.TryRead(ref input, out SessionPacket packet))
            {
                if (packet.Type != SessionPacketType.Data)
                    continue;
                packet.Payload.CopyTo(buffer[output..]);
                output += packet.Payload.Length;
            }
            if (output > 0)
                return output;
        }
    }

    private void Expect(SessionPacketType type)
    {
        byte[] payload = new byte[SessionPacket.MaxPayload];
        UwsgiHeader header = ReadPacket(payload);
        if ((SessionPacketType)header.Modifier2 != type)
            throw new BenchException($"the router said {(SessionPacketType)header.Modifier2} and not {type}: {Encoding.UTF8.GetString(payload.AsSpan(0, header.Size))}");
    }

    private UwsgiHeader ReadPacket(Span<byte> payload)
    {
        Span<byte> header = stackalloc byte[UwsgiHeader.Length];
        ReadAll(header);
        UwsgiHeader read = UwsgiHeader.Read(header);
        ReadAll(payload[..read.Size]);
        return read;
    }

    private void ReadAll(Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int count = base.Receive(bytes);
            bytes = count > 0 ? bytes[count..] : throw new BenchException("the router closed a session's connection");
        }
    }
}
