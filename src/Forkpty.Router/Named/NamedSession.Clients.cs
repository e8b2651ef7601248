using Forkpty.Interop;
using Forkpty.Protocol;
using Forkpty.Sessions;

namespace Forkpty.Named;

/// <content>Who is attached.</content>
internal sealed partial class NamedSession
{
    /// <summary>Clients whose connection may break and be resumed: more than anybody has at one session.</summary>
    private const int MostAttachments = 64;

    private readonly List<Peer> _peers = [];
    private readonly List<Attachment> _attachments = [];
    private SessionHistory? _history;
    private EndedSession? _remains; // of a session that has ended
    private long _keptUntil;

    /// <summary>
    /// Milliseconds in which a driver whose connection broke is waited for: its next attempts come at once and after 0.1, 0.3, 0.7, 1.5, 3.1, 5.1, 7.1 and 9.1 s.
    /// </summary>
    private const int LossLimit = 10_000;

    private long _lostAt; // the offset up to which output was sent to who is waited for
    private long _lostUntil; // 0: nobody is waited for

    /// <summary>A client, on no lane at present, attaches; from any thread.</summary>
    public override void Join(Peer peer, OpenRequest request) => OnOwnLane(() =>
    {
        if (WhyNot(peer) is { } error)
        {
            peer.ArriveInVain(Lane);
            if (_remains?.TryResume(peer, request) != true)
                peer.Refuse(error.Code, error.Text);
            return;
        }

        Attachment? resumed = request.Resume is { } token ? _attachments.Find(known => known.Token == token) : null;
        if (request.Resume is not null && resumed is null)
        {
            peer.ArriveInVain(Lane);
            peer.Refuse("unknown-session", $"the session {Name} does not know this connection any more; attach to it anew");
            return;
        }

        if (request.Take)
        {
            foreach (Peer other in _peers.FindAll(static peer => !peer.IsViewer))
                Dismiss(other, new SessionEnd { Reason = SessionEnd.Taken });
        }

        resumed?.Peer?.HangUp(); // its old connection, if the break was seen on one side only
        Admit(peer, request.IsViewer, resumed);
        if (!peer.TryAttach())
        {
            peer.HangUp();
            return;
        }

        if (State == SessionState.Starting) return; // it is told when the program runs
        if (!peer.IsViewer)
            Drive(peer);
        Confirm(peer, resumed is not null ? request.Received : null);
        UpdateMaster();
    });

    /// <summary>Makes every client leave; from any thread. A session that is not kept ends with that.</summary>
    public override void DetachAll() => OnOwnLane(() =>
    {
        foreach (Peer peer in _peers.ToArray())
            Dismiss(peer, new SessionEnd { Reason = SessionEnd.Detached });
    });

    public void Detach(Peer peer)
    {
        if (OnDisconnect.IsKept)
            Dismiss(peer, new SessionEnd { Reason = SessionEnd.Detached });
        else
            Tell(peer, "not-kept", $"the session {Name} is not kept and would end; begin one with --keep to leave it running");
    }

    public void Forget(Peer peer, bool isLost)
    {
        if (!_peers.Remove(peer)) return;
        if (State is SessionState.Closed or SessionState.HungUp) return;
        if (_inputEndedBy == peer)
        {
            _inputEndedBy = null; // the end of its input is not that of the next one's
            _endOfFile = default;
            CancelTimer(Purpose.EndOfFile);
        }

        if (isLost && !peer.IsViewer)
            peer.Attachment.LostAt = Lane.Loop.Now;
        if (_answering == peer)
            _answering = null;
        if (_controlling == peer)
            _controlling = null;
        if (_controlling is null && _peers.FindLast(static other => !other.IsViewer && other.State == PeerState.Attached) is { } next)
            Drive(next);
        Router.Directory.Publish("left", this);
        TellOthers(peer, "left", "a client has left");
        if (!peer.IsViewer && !_peers.Exists(static other => !other.IsViewer))
        {
            if (isLost && _history is not null)
                AwaitLost(peer);
            OnLastDriverGone();
        }

        UpdateMaster();
        foreach (Peer other in _peers.ToArray())
            Feed(other);
    }

    private void Admit(Peer peer, bool isViewer, Attachment? resumed = null)
    {
        Attachment attachment = resumed ?? new Attachment(OnDisconnect.IsKept ? Guid.NewGuid().ToString("N") : null);
        if (resumed is null && attachment.Token is not null)
        {
            if (_attachments.Count == MostAttachments)
                ForgetAttachment();
            _attachments.Add(attachment);
        }

        attachment.LostAt = 0;
        peer.Enter(this, isViewer, attachment);
        peer.Cursor = Offset;
        _peers.Add(peer);
        if (!isViewer)
        {
            _keptUntil = _lostUntil = 0;
            CancelTimer(Purpose.Kept);
            CancelTimer(Purpose.Lost);
            if (State == SessionState.Starting && peer.Size is { Rows: > 0, Columns: > 0 })
                _size = peer.Size;
        }
    }

    /// <summary>The oldest one that nobody will miss: of who has left, rather than of a driver whose connection broke.</summary>
    private void ForgetAttachment()
    {
        int which = _attachments.FindIndex(static old => old.Peer is null && old.LostAt == 0);
        if (which < 0)
            which = _attachments.FindIndex(static old => old.Peer is null);
        _attachments.RemoveAt(Math.Max(0, which));
    }

    /// <summary>Tells a client that its session runs, and brings its terminal to where the session's is.</summary>
    private void Confirm(Peer peer, long? received = null)
    {
        if (peer.State != PeerState.Opening) return; // it has gone while others were told
        long gap = 0;
        bool isExact = received is { } had && _history?.Has(had) == true;
        if (isExact)
            peer.Cursor = received!.Value;
        else if (received is { } lost)
            gap = Math.Max(0, Offset - lost);

        bool paints = !isExact && Offset > 0;
        Opened opened = About(peer.Attachment) with { IsViewer = peer.IsViewer, Offset = peer.Cursor, Gap = gap };
        ReadOnlySpan<byte> screen = paints && _history is not null ? _history.Paint(withScrollback: true, isNew: received is null, peer.IsViewer) : []; // as it is at that offset
        Router.Directory.Publish("attached", this);
        TellOthers(peer, "attached", peer.IsViewer ? "somebody is looking on" : "another client has attached");
        peer.Confirm(opened, screen);
        if (peer.IsViewer)
            TellSize(peer);
        Feed(peer);
        if (!_isUnseen || peer.IsViewer) return;
        _isUnseen = false;
        Signal(Libc.SIGWINCH);
    }

    private Opened About(Attachment attachment) => new()
    {
        Session = Name,
        Id = Id,
        Pid = Program!.Pid,
        OnDisconnect = OnDisconnect,
        Input = attachment.Input,
        Token = attachment.Token,
    };

    /// <summary>
    /// The last driver's connection has broken. The program goes on, until it has put out half of what is remembered: the other half may have been sent and not have arrived, and
    /// beyond that the driver would miss something when it comes back.
    /// </summary>
    private void AwaitLost(Peer peer)
    {
        (_lostAt, _lostUntil) = (peer.Cursor, Lane.Loop.Now + LossLimit);
        WatchLost();
    }

    private void WatchLost() => SetTimer(Purpose.Lost, (int)Math.Max(0, _lostUntil - Lane.Loop.Now));

    /// <summary>Not after the program's end: little can be left in the terminal then, so it is read even while its driver is away.</summary>
    private bool IsHeldByLost => _lostUntil > 0 && !IsEnding && Offset - _lostAt >= _settings.HistoryBytes / 2;

    /// <summary>Whether all of the program has been read, and what another process goes on writing would only take the place of what its driver is to come back for.</summary>
    private bool IsReadForLost => _lostUntil > 0 && Drain is { HasAll: true };

    private void GiveUpLost()
    {
        _lostUntil = 0;
        UpdateMaster();
    }

    private void OnLastDriverGone()
    {
        switch (OnDisconnect.Action)
        {
            case DisconnectAction.HangUp or DisconnectAction.Kill:
                EndOrKill(SessionEnd.HungUp);
                break;
            default:
                if (OnDisconnect.Limit is not { } limit) break;
                _keptUntil = Lane.Loop.Now + (long)limit.TotalMilliseconds;
                WatchKept();
                break;
        }
    }

    /// <summary>In pieces: a cancelled timer stays in its queue until it is due, and who comes and goes for days must not fill it.</summary>
    private void WatchKept()
    {
        long rest = _keptUntil - Lane.Loop.Now;
        if (rest > 0)
            SetTimer(Purpose.Kept, (int)Math.Min(rest, Session.MostIdleWait));
        else
            End(SessionEnd.HungUp);
    }

    /// <summary>Makes one client leave, while the session goes on.</summary>
    private static void Dismiss(Peer peer, SessionEnd end) => peer.Leave(SessionPacketType.Exit, end.ToPayload());

    /// <summary>Makes all leave: each gets the output that it has not had, then the end.</summary>
    protected override void DismissAll(SessionEnd end)
    {
        if (end.Reason is null)
            LeaveRemains(end);
        Peer[] peers = [.. _peers];
        _peers.Clear();
        byte[] payload = end.ToPayload();
        foreach (Peer peer in peers)
        {
            if (peer.State == PeerState.Attached)
                SendRest(peer);
            peer.Leave(SessionPacketType.Exit, payload);
        }

        _history = null; // the program may ignore its hang-up and live on for days
        _attachments.Clear();
    }

    protected override EndedSession? Remains => _remains;

    /// <summary>The program has ended by itself. Whose connection has broken, or breaks before the end has arrived, may come back for the rest.</summary>
    private void LeaveRemains(SessionEnd end)
    {
        if (_history is null) return;
        long since = Lane.Loop.Now - Endings.ResumeLimit;
        List<Attachment> drivers = _attachments.FindAll(known => known.Peer is { IsViewer: false } || (known.LostAt > 0 && known.LostAt >= since));
        if (drivers.Count > 0)
            _remains = new EndedSession(About(drivers[0]), end, _history, drivers);
    }

    protected override void RefuseAll(string sentence)
    {
        Peer[] peers = [.. _peers];
        _peers.Clear();
        foreach (Peer peer in peers)
            peer.Refuse("cannot-start", sentence);
    }

    private (string Code, string Text)? WhyNot(Peer peer) => State switch
    {
        SessionState.Closed or SessionState.HungUp => ("unknown-session", $"the session {Name} has just ended"),
        _ when !OnDisconnect.IsKept => ("not-kept", $"the session {Name} is not kept, so nobody can come to it; begin one with --keep or a name"),
        _ when Program is { } program && peer.TerminalSession == program.Pid =>
            ("own-session", $"this terminal is the session {Name} itself, which would show itself without end; attach to it from another terminal"),
        _ => null,
    };

    private void TellOthers(Peer peer, string what, string text)
    {
        foreach (Peer other in _peers.ToArray())
        {
            if (other != peer && other.State == PeerState.Attached)
                Tell(other, what, $"{text}; {(_peers.Count == 1 ? "you are alone" : $"there are {_peers.Count}")} now");
        }
    }

    private static void Tell(Peer peer, string what, string text) => peer.Tell(SessionPacketType.Notice, new Notice(what, text).ToPayload());
}
