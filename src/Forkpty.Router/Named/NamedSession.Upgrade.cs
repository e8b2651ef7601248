using Forkpty.Protocol;
using Forkpty.Sessions;
using Forkpty.Upgrade;

namespace Forkpty.Named;

/// <content>From one executable of the router to the next.</content>
internal sealed partial class NamedSession
{
    /// <summary>The session that another executable has left; it does nothing before <see cref="Resume"/>.</summary>
    public NamedSession(Router router, StateReader state)
        : base(router, router.InteractiveLane, state)
    {
        _settings = router.Settings;
        _terminal = state.Terminal();
        _size = state.Size();
        _terminalEnded = state.Flag();
        _keptUntil = state.Number();
        _input = InputQueue.Of(state.Bytes());
        _endOfFile = EndOfFile.After(state.Int32());
        if (state.Flag())
            _history = new SessionHistory(_size, _settings.HistoryBytes, state);
        _questions = _history?.Questions ?? 0;
        for (int left = state.Int32(); left > 0; left--)
            _attachments.Add(new Attachment(state.Text()) { Input = state.Number(), LostAt = state.Number() });
        for (int left = state.Int32(); left > 0; left--)
            _peers.Add(Peer.Resume(router, state, _attachments));
        _controlling = PeerAt(state.Int32());
        _inputEndedBy = PeerAt(state.Int32());
        _answering = PeerAt(state.Int32());
        _answersUntil = state.Number();
        _isUnseen = state.Flag();
        _lostAt = state.Number();
        _lostUntil = state.Number();
    }

    /// <summary>A session that has outlived a router which was killed. Nobody is attached to it.</summary>
    public NamedSession(Router router, StoredSession stored)
        : base(router, stored)
    {
        _settings = router.Settings;
        _terminal = stored.Terminal;
        _size = stored.Terminal.Size;
        _history = new SessionHistory(_size, _settings.HistoryBytes);
        _isUnseen = true;
        if (OnDisconnect.Limit is { } limit)
            _keptUntil = LastTraffic + (long)limit.TotalMilliseconds;
    }

    /// <summary>What is on the screen was lost; who comes first has it drawn anew.</summary>
    private bool _isUnseen;

    protected override Resident ResidentKind => Resident.NamedSession;

    public override void Save(StateWriter state)
    {
        base.Save(state);
        state.Descriptor(_terminal?.Master);
        state.Size(_size);
        state.Flag(_terminalEnded);
        state.Number(_keptUntil);
        state.Bytes(_input.Bytes);
        state.Number(_endOfFile.Wait);
        state.Flag(_history is not null);
        _history?.Save(state);
        state.Number(_attachments.Count);
        foreach (Attachment attachment in _attachments)
        {
            state.Text(attachment.Token);
            state.Number(attachment.Input);
            state.Number(attachment.LostAt);
        }

        state.Number(_peers.Count);
        foreach (Peer peer in _peers)
            peer.Save(state, _attachments.IndexOf(peer.Attachment));
        state.Number(IndexOf(_controlling));
        state.Number(IndexOf(_inputEndedBy));
        state.Number(IndexOf(_answering));
        state.Number(_answersUntil);
        state.Flag(_isUnseen);
        state.Number(_lostAt);
        state.Number(_lostUntil);
    }

    /// <summary>Goes on where the session stood. On its lane.</summary>
    public void Resume()
    {
        _flood.Reset(Lane.Loop.Now);
        if (!TryGoOn()) return;
        foreach (Peer peer in _peers.ToArray())
            peer.Resume(this);
        if (State == SessionState.HungUp) return;

        foreach (Peer peer in _peers.ToArray())
            Feed(peer);
        WatchIdle();
        if (_keptUntil > 0)
            WatchKept();
        if (_lostUntil > 0)
            WatchLost();
        WatchDrain();
        FlushInput();
        UpdateMaster();
    }

    private int IndexOf(Peer? peer) => peer is null ? -1 : _peers.IndexOf(peer);

    private Peer? PeerAt(int index) => index < 0 ? null : _peers[index];
}
