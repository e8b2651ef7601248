using System.Text;
using Forkpty.Interop;
using Forkpty.Protocol;

namespace Forkpty.Client;

/// <summary>
/// What comes from the router, on its way to stdout: at most one chunk of 16 KB. The next one is read when it is written. In the session protocol
/// the output is taken out of its packets, and the other packets are handed on.
/// </summary>
internal sealed class Incoming
{
    private readonly byte[] _chunk = new byte[16 * 1024];
    private readonly LocalOutput _output;
    private readonly LocalOutput _error;
    private RouterConnection _connection;
    private SessionPacketReader _reader;
    private LocalOutput _target;
    private (int Start, int End) _piece; // what has to be written
    private int _next; // what was not looked at, up to _end
    private int _end;
    private bool _hasBegun; // something has come on this connection

    /// <summary>Takes a packet; false where nothing more should come.</summary>
    public delegate bool PacketTaker(SessionPacket packet);

    /// <param name="connection">Where it comes from.</param>
    /// <param name="framing">How the router speaks, where that is known.</param>
    /// <param name="output">stdout.</param>
    /// <param name="error">For standard error of a program without a terminal.</param>
    public Incoming(RouterConnection connection, Framing framing, LocalOutput output, LocalOutput error)
    {
        _connection = connection;
        Framing = framing;
        _output = output;
        _error = error;
        _target = output;
    }

    /// <summary>How the router speaks; <see cref="Framing.Unknown"/> until its first byte.</summary>
    public Framing Framing { get; private set; }

    /// <summary>True where stdout has not taken everything.</summary>
    public bool IsPending => _piece.Start < _piece.End || _next < _end;

    /// <summary>What to wait on while <see cref="IsPending"/>.</summary>
    public int Descriptor => _target.Descriptor;

    /// <summary>True where no more comes: the router has closed the connection, or it broke.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Why the connection broke, 0 where it did not.</summary>
    public Errno Error { get; private set; }

    /// <summary>Why stdout takes nothing any more, 0 where it does: EPIPE for a pipe that nobody reads.</summary>
    public Errno OutputError { get; private set; }

    /// <summary>In the session protocol: the offset up to which the session's output has come.</summary>
    public long Offset { get; set; }

    /// <summary>The terminal modes that the output has turned on.</summary>
    public RemoteModes Modes { get; } = new();

    /// <summary>
    /// Whether all that has come is one line with which a router of fpty begins its reasons. Where it has no descriptor left, or speaks raw mode, that line is its only word:
    /// a terminal that was refused if the end follows, and until then the beginning of one.
    /// </summary>
    public bool IsRefusal { get; private set; }

    /// <summary>Receives a chunk, where the one before is written and there is one. False where there was nothing to receive.</summary>
    public bool Receive()
    {
        nint count = _connection.Receive(_chunk);
        if (count > 0)
        {
            ReadOnlySpan<byte> chunk = _chunk.AsSpan(0, (int)count);
            if (Framing == Framing.Unknown) Framing = IsGreeting(chunk) ? Framing.Session : Framing.Plain;
            IsRefusal = !_hasBegun && Framing == Framing.Plain && IsReason(chunk);
            _hasBegun = true;
            (_next, _end) = (0, (int)count);
            return true;
        }

        if (count == -(nint)Errno.EAGAIN) return false;
        Error = (Errno)(-count);
        HasEnded = true;
        return true;
    }

    /// <summary>Whether a router's first bytes are those of HELLO. Its modifier alone would not tell: the terminal behind a socket in raw mode echoes ours.</summary>
    public static bool IsGreeting(ReadOnlySpan<byte> first) =>
        first[0] == SessionPacket.Modifier && (first.Length < UwsgiHeader.Length || first[UwsgiHeader.Length - 1] == (byte)SessionPacketType.Hello);

    /// <summary>Deals with what has come, as far as stdout takes it.</summary>
    /// <param name="take">Gets each packet that is no output, valid during the call; false from it stops here.</param>
    public void Advance(PacketTaker take)
    {
        while (TryWrite() && _next < _end)
        {
            if (Framing == Framing.Plain)
            {
                Put(_next, _end, IsRefusal ? _error : _output);
                _next = _end;
                continue;
            }

            ReadOnlySpan<byte> rest = _chunk.AsSpan(_next.._end);
            bool isWhole = _reader.TryRead(ref rest, out SessionPacket packet);
            _next = _end - rest.Length;
            if (isWhole && !TryPut(packet) && !take(packet)) return;
        }
    }

    /// <summary>Before a terminal is painted by who takes it for a new one.</summary>
    public void ResetTitles() => _ = _output.Write(Encoding.ASCII.GetBytes(Modes.ResetTitles()));

    /// <summary>Throws away what has come and was not looked at.</summary>
    public void Forget() => _next = _end;

    /// <summary>Goes on with a new connection, once everything of the old one is written.</summary>
    public void Restart(RouterConnection connection)
    {
        _connection = connection;
        _reader = default;
        (Framing, HasEnded, Error, IsRefusal, _hasBegun) = (Framing.Unknown, false, 0, false, false);
    }

    private static bool IsReason(ReadOnlySpan<byte> chunk) => chunk.StartsWith("fpty: "u8) && chunk.IndexOf((byte)'\n') == chunk.Length - 1;

    /// <summary>A packet of output, or a piece of one: it lies in the chunk, right before what was not looked at.</summary>
    private bool TryPut(SessionPacket packet)
    {
        if (!packet.IsSession) return false;
        if (packet.Type is not (SessionPacketType.Data or SessionPacketType.Screen or SessionPacketType.StandardError)) return false;
        if (packet.Type == SessionPacketType.Data) Offset += packet.Payload.Length;
        Put(_next - packet.Payload.Length, _next, packet.Type == SessionPacketType.StandardError ? _error : _output);
        return true;
    }

    private void Put(int start, int end, LocalOutput target)
    {
        _piece = (start, end);
        _target = target;
        if (target.IsTerminal) Modes.Follow(_chunk.AsSpan(start..end));
    }

    /// <summary>True where everything is written.</summary>
    private bool TryWrite()
    {
        while (_piece.Start < _piece.End)
        {
            nint count = _target.Write(_chunk.AsSpan(_piece.Start.._piece.End));
            if (count < 0)
            {
                if (count != -(nint)Errno.EAGAIN) OutputError = (Errno)(-count);
                return false;
            }

            _piece.Start += (int)count;
        }

        return true;
    }
}
