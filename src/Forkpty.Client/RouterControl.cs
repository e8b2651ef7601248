using Forkpty.Interop;
using Forkpty.Protocol;

namespace Forkpty.Client;

/// <summary>
/// A connection to a router for questions about its sessions, in the session protocol. Every member waits for the answer on the calling thread; not for use by
/// several threads at once.
/// </summary>
public sealed class RouterControl : IDisposable
{
    private const int AnswerTime = 5_000; // milliseconds

    private const int StartTime = 30_000; // a directory of the network, a target that is busy

    /// <summary>An upgrade tries an executable out for 5 s at most, and waits up to 12 s for what is just being started.</summary>
    private const int UpgradeTime = 30_000;

    private readonly RouterAddress _address;
    private readonly RouterConnection _connection;
    private readonly byte[] _chunk = new byte[16 * 1024];
    private SessionPacketReader _reader;
    private int _next; // what has come and was not read, up to _end
    private int _end;

    private RouterControl(RouterAddress address, RouterConnection connection)
    {
        _address = address;
        _connection = connection;
    }

    /// <summary>Connects to a router.</summary>
    /// <param name="address">Where it listens, in uwsgi mode.</param>
    /// <exception cref="RouterException">Nobody is there, or no router of fpty.</exception>
    public static RouterControl Open(RouterAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        for (int left = RouterConnection.MostOffers; ; left--)
        {
            RouterConnection connection = RouterConnection.TryOpen(address, out string? refusal) ?? throw new RouterException(refusal!);
            var control = new RouterControl(address, connection);
            try
            {
                if (control.TryGreet(isLast: left == 1)) return control;
                control.Dispose();
            }
            catch
            {
                control.Dispose();
                throw;
            }
        }
    }

    /// <summary>The router's version.</summary>
    public string Version { get; private set; } = "";

    /// <summary>Lets the router go on as the executable that is in the place of its own by now. Returns when it does; this connection goes on too.</summary>
    /// <exception cref="RouterException">It is not allowed, the executable is not fit for it (then everything is as it was), or the router does not answer.</exception>
    public void Upgrade()
    {
        Send(SessionPacketType.Upgrade);
        Await(SessionPacketType.Done, UpgradeTime);
    }

    /// <summary>The sessions that there are.</summary>
    /// <exception cref="RouterException">The router does not answer.</exception>
    public IReadOnlyList<SessionInfo> List()
    {
        Send(SessionPacketType.List);
        var sessions = new List<SessionInfo>();
        while (true)
        {
            byte[] payload = Await(SessionPacketType.Listed, AnswerTime);
            if (payload.Length == 0) return sessions;
            sessions.Add(SessionInfo.TryRead(payload, out SessionInfo? session) ? session : throw Misunderstood("LISTED"));
        }
    }

    /// <summary>Starts a session that is kept, and leaves it.</summary>
    /// <exception cref="RouterException">The router refuses, or does not answer.</exception>
    internal Opened Start(OpenRequest request, WindowSize size)
    {
        byte[] payload = request.ToPayload();
        if (payload.Length > SessionPacket.MaxPayload) throw new RouterException(Attachment.TooLong);
        Span<byte> window = stackalloc byte[SessionPacketWriter.SizeLength];
        SessionPacketWriter.WriteSize(window, size.Rows, size.Columns, size.PixelWidth, size.PixelHeight);
        SendAll(window);
        Send(SessionPacketType.Open, payload);
        Opened opened = Opened.TryRead(Await(SessionPacketType.Opened, StartTime), out Opened? session) ? session : throw Misunderstood("OPENED");
        Send(SessionPacketType.Detach);
        Await(SessionPacketType.Exit, AnswerTime);
        return opened;
    }

    /// <summary>Makes every client of a session leave it; it goes on, where it is kept.</summary>
    /// <param name="session">Its name or number.</param>
    /// <exception cref="RouterException">There is no such session, it is not kept, or the router does not answer.</exception>
    public void Detach(string session)
    {
        Send(SessionPacketType.Detach, new SessionRequest(session).ToPayload());
        Await(SessionPacketType.Done, AnswerTime);
    }

    /// <summary>Ends a session, or sends a signal to its foreground process group.</summary>
    /// <param name="session">Its name or number.</param>
    /// <param name="signal">1 to 64; null to hang it up, and kill it 2 s later.</param>
    /// <exception cref="RouterException">There is no such session, or the router does not answer.</exception>
    public void Kill(string session, int? signal = null)
    {
        Send(SessionPacketType.Kill, new SessionRequest(session, signal).ToPayload());
        Await(SessionPacketType.Done, AnswerTime);
    }

    /// <summary>Asks to be told what happens to sessions from now on.</summary>
    /// <exception cref="RouterException">The router has gone.</exception>
    public void Subscribe() => Send(SessionPacketType.Events);

    /// <summary>Waits for the next event, for ever.</summary>
    /// <exception cref="RouterException">The router has gone, or has dropped a subscriber that does not read.</exception>
    public SessionEvent NextEvent() =>
        SessionEvent.TryRead(Await(SessionPacketType.Event, -1), out SessionEvent? happened) ? happened : throw Misunderstood("EVENT");

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    /// <summary>False where the offer was so late that the router has begun without it, as uWSGI's does.</summary>
    private bool TryGreet(bool isLast)
    {
        Span<byte> upgrade = stackalloc byte[PacketWriter.WindowLength];
        SessionPacketWriter.WriteUpgrade(upgrade, 0, 0);
        SendAll(upgrade);
        bool isLate = _connection.IsLateForOffer;
        Fill(AnswerTime);
        if (!Incoming.IsGreeting(_chunk.AsSpan(_next.._end)))
        {
            if (isLate && !isLast) return false;
            throw new RouterException($"the router at {_address} does not know sessions: it is uWSGI's, or the socket is in raw mode; give the uwsgi-mode socket of a router of fpty");
        }

        Version = Hello.TryRead(Await(SessionPacketType.Hello, AnswerTime), out Hello? hello) ? hello.Version : throw Misunderstood("HELLO");
        return true;
    }

    /// <summary>The payload of the next packet of a type; others are passed over.</summary>
    private byte[] Await(SessionPacketType type, int timeout)
    {
        while (true)
        {
            ReadOnlySpan<byte> rest = _chunk.AsSpan(_next.._end);
            if (!_reader.TryRead(ref rest, out SessionPacket packet))
            {
                _next = _end;
                Fill(timeout);
                continue;
            }

            _next = _end - rest.Length;
            if (!packet.IsSession) continue;
            if (packet.Type == type) return packet.Payload.ToArray();
            if (packet.Type != SessionPacketType.Error) continue;
            throw SessionError.TryRead(packet.Payload, out SessionError? error) ? new RouterException(error.Text, error.Code) : Misunderstood("ERROR");
        }
    }

    private void Fill(int timeout)
    {
        Wait(Libc.POLLIN, timeout);
        nint count = _connection.Receive(_chunk);
        if (count <= 0)
        {
            throw new RouterException(_connection.HasRouterEnded
                ? $"the router at {_address} has ended"
                : $"the router at {_address} has closed the connection{(count < 0 ? $" (read: {KernelException.Describe((int)count)})" : "")}; see its log");
        }

        (_next, _end) = (0, (int)count);
    }

    private void Send(SessionPacketType type, ReadOnlySpan<byte> payload = default) => SendAll(SessionPacketWriter.Packet(type, payload));

    private void SendAll(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            nint sent = _connection.Send(bytes);
            if (sent == -(nint)Errno.EAGAIN)
                Wait(Libc.POLLOUT, AnswerTime);
            else if (sent < 0)
                return; // gone: what it said before that, and that it is, Fill tells
            else
                bytes = bytes[(int)sent..];
        }
    }

    private void Wait(short events, int timeout)
    {
        long begun = Environment.TickCount64;
        while (true)
        {
            int left = timeout < 0 ? -1 : (int)Math.Max(0, timeout - (Environment.TickCount64 - begun));
            if (KernelException.Check(Libc.poll(_connection.Descriptor, events, left), "poll", _address.ToString()) > 0) return;
            if (left == 0)
                throw new RouterException($"the router at {_address} does not answer; it is no router of fpty, its socket is in raw mode, or it hangs");
        }
    }

    private RouterException Misunderstood(string message) =>
        new($"the router at {_address} has sent {message} in a form that this version does not understand; use the same version on both sides");
}
