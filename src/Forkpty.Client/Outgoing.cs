using Forkpty.Interop;
using Forkpty.Protocol;

namespace Forkpty.Client;

/// <summary>
/// What waits to be sent: requests, at most one window size, the newest, and input. In raw mode bytes as they are; in uwsgi mode one packet per write, each
/// after the router has read the one before; in the session protocol packets as fast as the socket takes them.
/// </summary>
internal sealed class Outgoing
{
    private const int LongestPiece = 16 * 1024; // of input, in one packet

    private readonly byte[] _buffer = new byte[UwsgiHeader.Length + LongestPiece];
    private readonly Queue<byte[]> _requests = [];
    private readonly bool _isRaw;
    private RouterConnection _connection;
    private Pacer _pacer;
    private (byte[] Bytes, int Start, int End) _packet = ([], 0, 0); // begun; nothing else may be sent before its end
    private WindowSize? _newWindow;
    private bool _hasOffered; // the session protocol; uwsgi mode begins with that
    private bool _offers; // that packet is being sent
    private bool _isSession;
    private SessionPacketType? _lastWord; // behind all input

    public Outgoing(RouterConnection connection, WireMode mode)
    {
        _connection = connection;
        _pacer = new Pacer(connection);
        _isRaw = mode == WireMode.Raw;
    }

    /// <summary>What is typed goes here.</summary>
    public TypedInput Input { get; } = new();

    /// <summary>While true, input is kept and not sent.</summary>
    public bool IsHeld { get; set; }

    /// <summary>True once a session was asked for on this connection.</summary>
    public bool HasAsked { get; private set; }

    /// <summary>True where nothing waits.</summary>
    public bool IsEmpty => Input.Unsent.IsEmpty && _newWindow is null && _requests.Count == 0 && !HasBegun;

    /// <summary>Whether the session protocol was offered so late on this connection that the router may have begun without it.</summary>
    public bool OfferWasLate { get; private set; }

    /// <summary>True where the socket takes no more at present.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>True once the router has closed its side: then everything is thrown away, but what may be sent again on another connection.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Milliseconds until <see cref="Send"/> should be tried again, -1 for never.</summary>
    public int RetryAfter => _isRaw || _isSession || IsRefused || HasBegun || !HasNext ? -1 : _pacer.RetryAfter;

    private bool HasBegun => _packet.Start < _packet.End;

    private bool HasNext => !_hasOffered || _newWindow is not null || (!IsHeld && !Input.Unsent.IsEmpty);

    /// <summary>The size that was announced last on this connection.</summary>
    public WindowSize? Announced { get; private set; }

    /// <summary>Announces a window size, instead of one that has not been sent yet.</summary>
    public void Announce(WindowSize size)
    {
        Announced = size;
        if (!_isRaw && !IsBroken) _newWindow = size;
    }

    /// <summary>The router speaks the session protocol: from here on packets of it.</summary>
    public void BeginSession() => _isSession = true;

    /// <summary>Asks for something in the session protocol; requests go before everything else.</summary>
    public void Request(SessionPacketType type, ReadOnlySpan<byte> payload = default) => _requests.Enqueue(SessionPacketWriter.Packet(type, payload));

    /// <summary>Asks for a session; false where that is more than a packet holds.</summary>
    public bool TryOpen(OpenRequest request)
    {
        byte[] payload = request.ToPayload();
        if (payload.Length > SessionPacket.MaxPayload) return false;
        Request(SessionPacketType.Open, payload);
        return HasAsked = true;
    }

    /// <summary>Tells a size in the order of requests, where <see cref="Announce"/> tells the newest one when there is time.</summary>
    public void RequestSize(WindowSize size)
    {
        byte[] packet = new byte[SessionPacketWriter.SizeLength];
        SessionPacketWriter.WriteSize(packet, size.Rows, size.Columns, size.PixelWidth, size.PixelHeight);
        _requests.Enqueue(packet);
    }

    /// <summary>In the session protocol: says something, such as that the input has ended, behind all of it.</summary>
    public void EndInput(SessionPacketType lastWord) => _lastWord = lastWord;

    /// <summary>Goes on with a new connection. Input that was sent waits for <see cref="TypedInput.Rewind"/>.</summary>
    public void Restart(RouterConnection connection)
    {
        _connection = connection;
        _pacer = new Pacer(connection);
        _packet = ([], 0, 0);
        _requests.Clear();
        (_hasOffered, _isSession, HasAsked, IsBroken, IsRefused, OfferWasLate) = (false, false, false, false, false, false);
        Announced = null;
        IsHeld = true;
    }

    /// <summary>Sends what may be sent now.</summary>
    public void Send()
    {
        IsRefused = false;
        while (!IsBroken && (HasBegun || TryBegin()))
        {
            nint sent = _connection.Send(_packet.Bytes.AsSpan(_packet.Start.._packet.End));
            if (sent < 0)
            {
                IsRefused = sent == -(nint)Errno.EAGAIN;
                if (!IsRefused) Break();
                return;
            }

            _packet.Start += (int)sent;
            if (HasBegun) continue;
            if (!_isRaw && !_isSession) _pacer.Sent();
            if (!_offers) continue;
            _offers = false;
            OfferWasLate = _connection.IsLateForOffer;
        }
    }

    /// <summary>The connection is no more: nothing is sent on it. Input stays where it can be sent on another one.</summary>
    public void Break()
    {
        IsBroken = true;
        _newWindow = null;
        _packet = ([], 0, 0);
        _requests.Clear();
        if (!_isSession && !IsHeld) Input.Clear();
    }

    private bool TryBegin() => _isRaw ? TryBeginRaw() : _isSession ? TryBeginSession() : _pacer.MaySend() && TryBeginUwsgi();

    private bool TryBeginRaw()
    {
        if (Input.Unsent.IsEmpty) return false;
        BeginInput(header: 0, LongestPiece);
        Input.Acknowledge(Input.SentTotal);
        return true;
    }

    private bool TryBeginUwsgi()
    {
        if (!_hasOffered)
        {
            WindowSize size = _newWindow ?? default;
            Begin(SessionPacketWriter.WriteUpgrade(_buffer, size.Rows, size.Columns));
            (_hasOffered, _offers, _newWindow) = (true, true, null);
            return true;
        }

        if (_newWindow is { } window)
        {
            Begin(PacketWriter.WriteWindow(_buffer, window.Rows, window.Columns));
            _newWindow = null;
            return true;
        }

        if (IsHeld || Input.Unsent.IsEmpty) return false;
        int length = BeginInput(UwsgiHeader.Length, PacketWriter.MaxStdinToUwsgi);
        PacketWriter.WriteStdinHeader(_buffer, length);
        Input.Acknowledge(Input.SentTotal); // this router never tells
        return true;
    }

    private bool TryBeginSession()
    {
        if (_requests.TryDequeue(out byte[]? request))
        {
            _packet = (request, 0, request.Length);
            return true;
        }

        if (_newWindow is { } window)
        {
            Begin(SessionPacketWriter.WriteSize(_buffer, window.Rows, window.Columns, window.PixelWidth, window.PixelHeight));
            _newWindow = null;
            return true;
        }

        if (IsHeld) return false;
        if (!Input.Unsent.IsEmpty)
        {
            int length = BeginInput(UwsgiHeader.Length, LongestPiece);
            SessionPacketWriter.WriteHeader(_buffer, SessionPacketType.Data, length);
            return true;
        }

        if (_lastWord is not { } lastWord) return false;
        Begin(SessionPacketWriter.WriteHeader(_buffer, lastWord, 0));
        _lastWord = null;
        return true;
    }

    private void Begin(int length) => _packet = (_buffer, 0, length);

    private int BeginInput(int header, int most)
    {
        ReadOnlySpan<byte> piece = Input.Unsent;
        if (piece.Length > most) piece = piece[..most];
        piece.CopyTo(_buffer.AsSpan(header));
        Begin(header + piece.Length);
        Input.Sent(piece.Length);
        return piece.Length;
    }
}
