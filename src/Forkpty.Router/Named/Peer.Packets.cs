using Forkpty.Protocol;

namespace Forkpty.Named;

/// <content>What the client asks for.</content>
internal sealed partial class Peer
{
    private const string Malformed = "malformed";

    private const int MostPing = 64;

    private SessionPacketReader _packets;

    /// <summary>Sends an ACK at the latest after so many bytes of input.</summary>
    private const int AcknowledgeAfter = 8 * 1024;

    private long _acknowledged;
    private bool _wantsScreen;

    protected override void Take(ReadOnlySpan<byte> bytes)
    {
        _lastPacket = Loop.Now;
        while (_state < PeerState.Leaving && !_awaitsAnswer && _unheard <= MostUnheard && _packets.TryRead(ref bytes, out SessionPacket packet))
        {
            int before = Behind;
            if (!packet.IsSession)
                HandlePlain(packet);
            else if (packet.Type == SessionPacketType.Open)
            {
                if (!TakeOpen(packet.Payload, ref bytes))
                    return; // it belongs to another thread from here on
            }
            else
            {
                Handle(packet.Type, packet.Payload, packet.Header);
                CountUnheard(before);
            }
        }

        if (!bytes.IsEmpty && _state < PeerState.Leaving)
            _rest = bytes.ToArray();
        UpdateInterest();
        if (_state == PeerState.Attached && Attachment.Input - _acknowledged >= AcknowledgeAfter)
            Acknowledge();
    }

    /// <summary>What the client said before it had its session, or heard an answer.</summary>
    private void TakeRest()
    {
        byte[] rest = _rest;
        _rest = [];
        if (_state < PeerState.Leaving)
            Take(rest);
    }

    /// <summary>Asks for a session; the bytes that came after that are taken where the client is by then.</summary>
    private bool TakeOpen(scoped ReadOnlySpan<byte> payload, ref ReadOnlySpan<byte> bytes)
    {
        _rest = bytes.ToArray();
        if (!Open(payload)) return false;
        bytes = _rest;
        _rest = [];
        return true;
    }

    /// <summary>A packet of uwsgi mode: typed before the client had seen HELLO, or by one that goes on so.</summary>
    private void HandlePlain(SessionPacket packet)
    {
        switch (packet.Header.Kind)
        {
            case PacketKind.Stdin: Input(packet.Payload); break;
            case PacketKind.Signal: _host?.Signal(this, packet.Header.Modifier2); break;
            case PacketKind.Rows: Size = Size with { Rows = packet.Header.Size }; break;
            case PacketKind.Columns: Resize(Size with { Columns = packet.Header.Size }); break;
            default: Lane.Counters.UnknownPackets++; break;
        }
    }

    private void Handle(SessionPacketType type, ReadOnlySpan<byte> payload, UwsgiHeader header)
    {
        if (!payload.IsEmpty && type is SessionPacketType.EndOfInput or SessionPacketType.List or SessionPacketType.Events or SessionPacketType.Redraw or SessionPacketType.Upgrade)
        {
            Refuse(Malformed, $"packets of type {(byte)type} have no payload");
            return;
        }

        switch (type)
        {
            case SessionPacketType.Data: Input(payload); break;
            case SessionPacketType.WindowSize: WindowSize(payload); break;
            case SessionPacketType.Signal: Signal(payload); break;
            case SessionPacketType.EndOfInput: EndInput(); break;
            case SessionPacketType.Detach: DetachRequest(payload); break;
            case SessionPacketType.List: List(); break;
            case SessionPacketType.Kill: Kill(payload); break;
            case SessionPacketType.Redraw: AskForScreen(); break;
            case SessionPacketType.Ping: Ping(payload); break;
            case SessionPacketType.Events: Subscribe(); break;
            case SessionPacketType.Upgrade: AskForUpgrade(); break;
            case SessionPacketType.Rows: Size = Size with { Rows = header.Size }; break;
            case SessionPacketType.Columns: Resize(Size with { Columns = header.Size }); break;
            default: Lane.Counters.UnknownPackets++; break;
        }
    }

    private void Input(ReadOnlySpan<byte> bytes)
    {
        if (!OpenDefault() || IsViewer) return;
        Attachment.Input += bytes.Length;
        _host!.Input(this, bytes);
    }

    private void EndInput()
    {
        if (OpenDefault() && !IsViewer)
            _host!.EndInput(this);
    }

    /// <summary>Whoever types without having asked for anything means a new session with the router's command.</summary>
    private bool OpenDefault()
    {
        if (_state == PeerState.Greeted)
            Directory.Open(this, new OpenRequest());
        return _host is not null && _state is PeerState.Opening or PeerState.Attached;
    }

    /// <returns>false where this client is on its way to another lane.</returns>
    private bool Open(ReadOnlySpan<byte> payload)
    {
        if (_state != PeerState.Greeted)
            Refuse("already-open", "this connection has a session, or hears events; ask for another session on another connection");
        else if (OpenRequest.TryRead(payload, out OpenRequest? request))
            return Directory.Open(this, request);
        else
            Refuse(Malformed, "the request for a session is not what docs/protocol.md says an OPEN is");
        return true;
    }

    /// <summary>The request leads to another lane; until it is there this client is on none.</summary>
    public void Depart()
    {
        CancelTimer();
        Detach();
        Lane.Sessions.Remove(this);
        _state = PeerState.Opening;
    }

    /// <summary>It has arrived where its session should have been, and the session has gone.</summary>
    public void ArriveInVain(Lane lane)
    {
        _lane = lane;
        lane.Sessions.Add(this);
    }

    private void WindowSize(ReadOnlySpan<byte> payload)
    {
        if (SessionPacketWriter.TryReadSize(payload, out ushort rows, out ushort columns, out ushort width, out ushort height))
            Resize(new WindowSize(rows, columns, width, height));
        else
            Refuse(Malformed, "a window's size has 8 bytes");
    }

    private void Resize(WindowSize size)
    {
        Size = size;
        _host?.Resize(this);
    }

    private void Signal(ReadOnlySpan<byte> payload)
    {
        if (payload.Length != 1)
            Refuse(Malformed, "a signal has 1 byte");
        else if (!IsViewer)
            _host?.Signal(this, payload[0]);
    }

    private void DetachRequest(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty && _state != PeerState.Attached) return; // there is nothing to leave
        if (payload.IsEmpty)
            _host!.Detach(this);
        else if (!SessionRequest.TryRead(payload, out SessionRequest? request))
            Refuse(Malformed, "the request to detach a session's clients names no session");
        else if (MayAct())
            Directory.Detach(this, request);
    }

    private void List()
    {
        _awaitsAnswer = true;
        Directory.List(this);
    }

    private void Kill(ReadOnlySpan<byte> payload)
    {
        if (!SessionRequest.TryRead(payload, out SessionRequest? request))
            Refuse(Malformed, "the request to end a session names no session");
        else if (MayAct())
            Directory.Kill(this, request);
    }

    /// <summary>Whether what was asked for is to be answered by the directory; who only looks has said that it changes nothing, and is told so.</summary>
    private bool MayAct()
    {
        _awaitsAnswer = !IsViewer;
        if (IsViewer)
            Send(SessionPacketType.Error, new SessionError("not-allowed", "this client only looks; ask on a connection of its own, as fpty kill and fpty detach do").ToPayload());
        return _awaitsAnswer;
    }

    /// <summary>However often it asks: it gets one in a turn, when it has taken what came before, so that a screen of a millisecond does not keep the others of the lane waiting for seconds.</summary>
    private void AskForScreen()
    {
        if (_wantsScreen || _state != PeerState.Attached) return;
        _wantsScreen = true;
        if (Behind == 0)
            OnOwnLane(Redraw);
    }

    private void Redraw()
    {
        if (_wantsScreen && Behind == 0 && _host is { } host)
            _wantsScreen = !host.TryRedraw(this);
    }

    private void Ping(ReadOnlySpan<byte> payload)
    {
        if (payload.Length > MostPing)
            Refuse(Malformed, "a ping has 64 bytes at most");
        else
            Send(SessionPacketType.Pong, payload);
    }

    private void Subscribe()
    {
        if (_state == PeerState.Subscribed) return;
        if (_state != PeerState.Greeted)
        {
            Refuse("already-open", "this connection has a session; hear events on another one");
            return;
        }

        CancelTimer();
        _state = PeerState.Subscribed;
        Directory.Subscribe(this);
    }

    private void Acknowledge()
    {
        _acknowledged = Attachment.Input;
        Span<byte> packet = stackalloc byte[SessionPacketWriter.AcknowledgeLength];
        SessionPacketWriter.WriteAcknowledge(packet, _acknowledged);
        if (!Send(packet))
            OnGone();
    }
}
