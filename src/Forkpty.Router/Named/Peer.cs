using Forkpty.Interop;
using Forkpty.Protocol;
using Forkpty.Reactor;
using Forkpty.Sessions;

namespace Forkpty.Named;

/// <summary>
/// One client that speaks the session protocol (docs/protocol.md). It lives on the interactive lane until it has a session, then where that lives.
/// </summary>
/// <remarks>This file is its life; <c>Peer.Packets.cs</c> is what it asks for.</remarks>
internal sealed partial class Peer : Connection, ILaneResident, ITimerTarget
{
    /// <summary>Milliseconds that a client has to ask for something.</summary>
    private const int NotOpenLimit = 10_000;

    /// <summary>Bytes that a client may be behind when it is told what it has not asked for; one that is further behind does not read, and is dropped. A screen with its scrollback is less.</summary>
    private const int MostUntold = 4 * 1024 * 1024;

    /// <summary>The same for events, which are all that a subscriber hears.</summary>
    private const int MostEventsBehind = 256 * 1024;

    /// <summary>Bytes of answers that a client may leave unread. With more than that it is not read either: who asks and does not listen costs no memory.</summary>
    private const int MostUnheard = 64 * 1024;

    private const int MostAnswersPerTurn = 64;

    /// <summary>Bytes of a screen in one packet.</summary>
    private const int ScreenPiece = 32 * 1024;

    private readonly Router _router;
    private volatile Lane _lane;
    private volatile IPeerHost? _host; // asked for by any thread: the lane is there before there is no host
    private PeerState _state;
    private LoopTimer? _timer;
    private byte[] _rest = [];
    private IEnumerator<byte[]>? _answers; // packets that the client waits for
    private IEnumerator<byte[]>? _last; // packets that are still to be sent to a client that leaves
    private bool _awaitsAnswer;
    private int _unheard;
    private long _lastPacket;

    public Peer(Router router, SafeFd socket, bool isTcp, int id, WindowSize size)
        : base(socket, isTcp)
    {
        _router = router;
        _lane = router.InteractiveLane;
        Id = id;
        Size = size;
    }

    /// <summary>The number of the connection, and of the session that it opens.</summary>
    public int Id { get; private set; }

    public override Lane Lane => _host?.Lane ?? _lane;

    public PeerState State => _state;

    /// <summary>The client's window; rows or columns of 0: it has none.</summary>
    public WindowSize Size { get; private set; }

    public bool IsViewer { get; private set; }

    /// <summary>The leader of the session, setsid(2), that the client's process is in: with it, its controlling terminal; 0 where that is not known, as over TCP, or that process is of another pid namespace or has ended. Its number
    /// may be another's by then, so nothing is granted by it.</summary>
    public int TerminalSession => Credentials is { Pid: > 0 and var pid } ? Math.Max(0, Libc.getsid(pid)) : 0;

    /// <summary>What was taken from this client, over all its connections.</summary>
    public Attachment Attachment { get; private set; } = new(token: null);

    /// <summary>The offset of the session's output up to which this client has been sent everything, or has it in its queue.</summary>
    public long Cursor { get; set; }

    /// <summary>How much it had taken when the others began to wait for it.</summary>
    public long TakenAtStall { get; set; }

    /// <summary>Says HELLO, and takes what the client has sent already.</summary>
    public void Greet(ReadOnlySpan<byte> rest)
    {
        _lane.Sessions.Add(this);
        if (!TryAttach())
        {
            HangUp();
            return;
        }

        _lastPacket = Loop.Now;
        _timer = Loop.Schedule(NotOpenLimit, this, purpose: 0);
        if (Send(SessionPacketType.Hello, Directory.Greeting))
            Take(rest);
    }

    /// <summary>A session takes this client, on its own lane's thread.</summary>
    public void Enter(IPeerHost host, bool isViewer, Attachment attachment)
    {
        CancelTimer();
        if (_lane.Loop.IsCurrent)
            _lane.Sessions.Remove(this);
        _host = host;
        IsViewer = isViewer;
        Attachment = attachment;
        attachment.Peer = this;
        _state = PeerState.Opening;
    }

    /// <summary>Its session runs: it is told so, its screen is painted, and what it has said meanwhile is taken.</summary>
    public void Confirm(Opened opened, ReadOnlySpan<byte> screen)
    {
        _state = PeerState.Attached;
        if (!Send(SessionPacketType.Opened, opened.ToPayload())) return;
        SendScreen(screen);
        TakeRest();
    }

    /// <summary>Sends a packet; from any state in which the client still hears.</summary>
    /// <returns>false where the client is gone, which has been dealt with.</returns>
    public bool Send(SessionPacketType type, ReadOnlySpan<byte> payload)
    {
        if (_state >= PeerState.Leaving) return false;
        if (Send(SessionPacketWriter.Packet(type, payload))) return true;
        OnGone();
        return false;
    }

    /// <summary>Sends what paints the session's screen.</summary>
    public void SendScreen(ReadOnlySpan<byte> screen)
    {
        while (!screen.IsEmpty && Send(SessionPacketType.Screen, screen[..Math.Min(ScreenPiece, screen.Length)]))
            screen = screen[Math.Min(ScreenPiece, screen.Length)..];
    }

    /// <summary>What the directory answers, in a packet or many; from any thread. They are made as the client takes them, so one that does not read costs one.</summary>
    public void Answer(IEnumerable<byte[]> packets) => OnOwnLane(() =>
    {
        _answers = packets.GetEnumerator();
        SendAnswers();
    });

    /// <summary>Some in a turn: others on the lane have theirs. What the client has said after its question is taken behind the last one.</summary>
    private void SendAnswers()
    {
        if (_answers is null || _state >= PeerState.Leaving) return;
        int before = Behind;
        for (int left = MostAnswersPerTurn; Behind == 0 && left > 0; left--)
        {
            if (!_answers.MoveNext())
            {
                _answers = null;
                _awaitsAnswer = false;
                TakeRest();
                return;
            }

            if (!Send(_answers.Current))
            {
                OnGone();
                return;
            }
        }

        CountUnheard(before);
        if (Behind == 0)
            OnOwnLane(SendAnswers);
    }

    /// <summary>Tells the client of something that it has not asked for; one that does not read is dropped.</summary>
    public void Tell(SessionPacketType type, ReadOnlySpan<byte> payload)
    {
        if (Behind > (type == SessionPacketType.Event ? MostEventsBehind : MostUntold))
            OnGone();
        else
            Send(type, payload);
    }

    /// <summary>Says why something cannot be, and ends the connection.</summary>
    public void Refuse(string code, string text) => Leave(SessionPacketType.Error, new SessionError(code, text).ToPayload());

    /// <summary>Sends the last packet, and closes the connection once the client has taken everything.</summary>
    public void Leave(SessionPacketType type, ReadOnlySpan<byte> payload)
    {
        if (_state is PeerState.Leaving or PeerState.Closed) return;
        IPeerHost? host = _host;
        LeaveHost();
        SendLast(type, payload);
        host?.Forget(this, isLost: false);
    }

    /// <summary>The same with any number of packets, for a client without a session: each is asked for when those before it were taken.</summary>
    public void Leave(IEnumerator<byte[]> packets)
    {
        _last = packets;
        if (TryLinger())
            SendNext();
        else
            HangUp();
    }

    /// <summary>Closes the connection in a turn of its lane to come; from any thread.</summary>
    public void HangUpLater() => OnOwnLane(HangUp);

    /// <summary>Closes the connection. Its session, if it has one, goes on without it.</summary>
    public void HangUp()
    {
        if (_state == PeerState.Closed) return;
        IPeerHost? host = _host;
        LeaveHost();
        _state = PeerState.Closed;
        _last = _answers = null;
        CancelTimer();
        Close();
        Directory.Unsubscribe(this);
        _lane.Sessions.Remove(this);
        host?.Forget(this, isLost: true);
        _router.OnSessionClosed(_lane);
    }

    public void OnTimer(int purpose)
    {
        long rest = _lastPacket + NotOpenLimit - Loop.Now;
        if (_state == PeerState.Greeted && rest > 0)
            _timer = Loop.Schedule((int)rest, this, purpose: 0);
        else if (_state == PeerState.Greeted)
            Refuse("not-open", "the client has asked for nothing within 10 seconds");
        else
            HangUp();
    }

    protected override bool WantsInput => _state switch
    {
        PeerState.Leaving or PeerState.Closed => false,
        _ => _rest.Length == 0 && InputRoom > 0, // what came behind OPEN, or a question, comes before all that follows
    };

    protected override int InputRoom => Math.Min(_host?.InputRoom ?? BufferPool.Size, BufferPool.Size);

    protected override void OnCaughtUp()
    {
        if (_state == PeerState.Leaving)
        {
            SendNext();
            return;
        }

        _unheard = 0;
        Redraw(); // before what it has missed
        _host?.OnPeerCaughtUp(this);
        if (_answers is not null)
            OnOwnLane(SendAnswers);
        if (_rest.Length > 0)
            OnOwnLane(TakeRest); // not from here: it may lead to another lane, and this turn is not over
    }

    /// <summary>The end of input is a packet of its own here, so this is the end of the connection.</summary>
    protected override void OnInputEnded() => OnGone();

    protected override void OnGone() => HangUp();

    private void SendLast(SessionPacketType type, ReadOnlySpan<byte> payload)
    {
        if (!Send(SessionPacketWriter.Packet(type, payload)))
        {
            HangUp();
            return;
        }

        if (Behind == 0 || !TryLinger())
            HangUp();
    }

    /// <summary>Stays until the client has taken what it is to get, but not for ever.</summary>
    private bool TryLinger()
    {
        _state = PeerState.Leaving;
        CancelTimer();
        if (!TryAttach()) return false;
        UpdateInterest();
        _timer = Loop.Schedule(FlushLimit, this, purpose: 0);
        return true;
    }

    /// <summary>Sends a client that leaves the next packet, one a turn: others on the lane have theirs. Behind the last one the connection ends.</summary>
    private void SendNext()
    {
        if (_state != PeerState.Leaving) return;
        if (_last?.MoveNext() != true || !Send(_last.Current))
            HangUp();
        else if (Behind == 0)
            OnOwnLane(SendNext);
    }

    private void CountUnheard(int before) => _unheard += Math.Max(0, Behind - before);

    /// <summary>Always in a turn to come.</summary>
    private void OnOwnLane(Action what)
    {
        Lane lane = Lane;
        lane.Loop.Post(_ =>
        {
            if (Lane != lane || _host is { IsHere: false })
                OnOwnLane(what); // it has moved meanwhile
            else
                what();
        });
    }

    private SessionDirectory Directory => _router.Directory;

    private void LeaveHost()
    {
        if (_host is null) return;
        _lane = _host.Lane;
        _lane.Sessions.Add(this);
        _host = null;
        if (Attachment.Peer == this)
            Attachment.Peer = null;
    }

    private void CancelTimer()
    {
        _timer?.Cancel();
        _timer = null;
    }
}
