using Forkpty.Interop;
using Forkpty.Protocol;
using Forkpty.Sessions;
using Forkpty.Upgrade;

namespace Forkpty.Named;

/// <content>From one executable of the router to the next.</content>
internal sealed partial class NamedSession
{
    private readonly bool _isToBeKilled;

    /// <summary>The session that another executable has left; it does nothing before <see cref="Resume"/>.</summary>
    public NamedSession(Router router, StateReader state)
    {
        _router = router;
        _settings = router.Settings;
        _lane = router.InteractiveLane;
        Id = state.Int32();
        Name = state.Text()!;
        OnDisconnect = OnDisconnect.TryParse(state.Text(), out OnDisconnect onDisconnect) ? onDisconnect : OnDisconnect.HangUp;
        _program = state.Text()!;
        CommandLine = state.Text()!;
        _target = state.Text();
        _since = new DateTimeOffset(state.Number(), TimeSpan.Zero);
        _started = state.Number();
        _state = (SessionState)state.Int32();
        _terminal = state.Terminal();
        _leader = state.Leader();
        _ended = state.ReapedLeader();
        _pid = state.Int32();
        _size = state.Size();
        _terminalEnded = state.Flag();
        _status = state.Status();
        _lastTraffic = state.Number();
        _keptUntil = state.Number();
        _input = InputQueue.Of(state.Bytes());
        _endOfFile = EndOfFile.After(state.Int32());
        _offset = state.Number();
        _bytesSinceExit = state.Int32();
        _enclosure = Enclosure.Resume(router.Killer, _leader ?? _ended, state);
        if (state.Flag())
            _history = new SessionHistory(_size, _settings.HistoryBytes, state);
        _questions = _history?.Questions ?? 0;
        for (int left = state.Int32(); left > 0; left--)
            _attachments.Add(new Attachment(state.Text()) { Input = state.Number() });
        for (int left = state.Int32(); left > 0; left--)
            _peers.Add(Peer.Resume(router, state, _attachments));
        _controlling = PeerAt(state.Int32());
        _inputEndedBy = PeerAt(state.Int32());
        _answering = PeerAt(state.Int32());
        _answersUntil = state.Number();
        _startWanted = _state != SessionState.HungUp;
        _isToBeKilled = state.Flag();
        _isUnseen = state.Flag();
    }

    /// <summary>A session that has outlived a router which was killed. Nobody is attached to it.</summary>
    public NamedSession(Router router, StoredSession stored)
    {
        _router = router;
        _settings = router.Settings;
        _lane = router.InteractiveLane;
        (Id, Name, CommandLine, OnDisconnect) = (stored.Info.Id, stored.Info.Session, stored.Info.Command, stored.Info.OnDisconnect);
        _program = CommandLine.Split(' ')[0];
        _since = DateTimeOffset.FromUnixTimeSeconds(stored.Info.Started);
        _started = _lastTraffic = Environment.TickCount64;
        _state = SessionState.Running;
        _terminal = stored.Terminal;
        _leader = stored.Leader;
        _pid = stored.Leader.Pid;
        _size = stored.Terminal.Size;
        _history = new SessionHistory(_size, _settings.HistoryBytes);
        _isUnseen = true;
        if (OnDisconnect.Limit is { } limit)
            _keptUntil = _started + (long)limit.TotalMilliseconds;
    }

    /// <summary>What is on the screen was lost; who comes first has it drawn anew.</summary>
    private bool _isUnseen;

    /// <summary>Whether one can still come to it by its name.</summary>
    public bool IsToBeFound => _state != SessionState.HungUp;

    /// <summary>Nothing is left of a session that was ended before it had a program.</summary>
    public Resident Kind => _state == SessionState.HungUp && _leader is null ? Resident.None : Resident.NamedSession;

    /// <summary>In the order of the constructor that reads it.</summary>
    public void Save(StateWriter state)
    {
        state.Number(Id);
        state.Text(Name);
        state.Text(OnDisconnect.ToString());
        state.Text(_program);
        state.Text(CommandLine);
        state.Text(_target);
        state.Number(_since.UtcTicks);
        state.Number(_started);
        state.Number((int)_state);
        state.Descriptor(_terminal?.Master);
        state.Leader(_leader);
        state.ReapedLeader(_ended);
        state.Number(_pid);
        state.Size(_size);
        state.Flag(_terminalEnded);
        state.Status(_status);
        state.Number(_lastTraffic);
        state.Number(_keptUntil);
        state.Bytes(_input.Bytes);
        state.Number(_endOfFile.Wait);
        state.Number(_offset);
        state.Number(_bytesSinceExit);
        Enclosure.Save(_enclosure, state);
        state.Flag(_history is not null);
        _history?.Save(state);
        state.Number(_attachments.Count);
        foreach (Attachment attachment in _attachments)
        {
            state.Text(attachment.Token);
            state.Number(attachment.Input);
        }

        state.Number(_peers.Count);
        foreach (Peer peer in _peers)
            peer.Save(state, _attachments.IndexOf(peer.Attachment));
        state.Number(IndexOf(_controlling));
        state.Number(IndexOf(_inputEndedBy));
        state.Number(IndexOf(_answering));
        state.Number(_answersUntil);
        state.Flag(_timers[(int)Purpose.Kill] is not null);
        state.Flag(_isUnseen);
    }

    /// <summary>Goes on where the session stood. On its lane.</summary>
    public void Resume()
    {
        Lane.Sessions.Add(this);
        _flood.Reset(Lane.Loop.Now);
        try
        {
            if (_state == SessionState.Running && (_terminal is null || _leader is null))
                throw new KernelException("waitid", $"process {_pid}", (int)Errno.ECHILD);
            if (_leader is not null)
                WatchLeader();
            if (_terminal is not null && _state != SessionState.HungUp)
                _masterSlot = Lane.Loop.Add(_terminal.Master.Value, MasterEvents, this, Master);
        }
        catch (KernelException refused)
        {
            _router.Log.SessionLost(Id, refused.Message);
            End(SessionEnd.HungUp);
            return;
        }

        foreach (Peer peer in _peers.ToArray())
            peer.Resume(this);
        if (_isToBeKilled)
            SetTimer(Purpose.Kill, KillAfter);
        if (_state == SessionState.HungUp) return;

        foreach (Peer peer in _peers.ToArray())
            Feed(peer);
        WatchIdle();
        if (_keptUntil > 0)
            WatchKept();
        WatchDrain();
        FlushInput();
        UpdateMaster();
    }

    private int IndexOf(Peer? peer) => peer is null ? -1 : _peers.IndexOf(peer);

    private Peer? PeerAt(int index) => index < 0 ? null : _peers[index];
}
