using Forkpty.Interop;
using Forkpty.Protocol;
using Forkpty.Reactor;
using Forkpty.Sessions;
using Forkpty.Upgrade;

namespace Forkpty.Named;

/// <summary>
/// A session that the session protocol has opened: a program on a terminal, with a name, and any number of clients that come and go. Lives on one lane at a time, with its clients.
/// </summary>
/// <remarks>
/// This file is its life; <c>NamedSession.Clients.cs</c> is who is attached, <c>NamedSession.Output.cs</c> and <c>NamedSession.Input.cs</c> are the ways from the program and back.
/// </remarks>
internal sealed partial class NamedSession : ISession, IPeerHost, ITerminalOwner, IEventSource, ITimerTarget
{
    /// <summary>Milliseconds between the hang-up that KILL asks for and SIGKILL.</summary>
    private const int KillAfter = 2_000;

    private const int Master = 0;
    private const int Exit = 1;

    private enum Purpose
    {
        DrainQuiet,
        DrainLimit,
        EndOfFile,
        Idle,
        Kept,
        Kill,
        Stalled,
        Lost,
    }

    private readonly Router _router;
    private readonly string _program;
    private readonly string? _target;
    private readonly SessionSettings _settings;
    private readonly LoopTimer?[] _timers = new LoopTimer?[Enum.GetValues<Purpose>().Length];
    private readonly DateTimeOffset _since = DateTimeOffset.UtcNow;
    private Pty? _terminal;
    private Leader? _leader;
    private int _masterSlot = -1;
    private int _exitSlot = -1;
    private SessionState _state = SessionState.Starting;
    private bool _terminalEnded;
    private volatile bool _startWanted = true;
    private long _started;
    private int _pid;
    private Enclosure? _enclosure;
    private Leader? _ended; // reaped; those it has left behind still have its session
    private bool _isKilled; // by KILL: what does not end is ended
    private bool _killsRest; // after the session's end
    private volatile Lane _lane;
    private volatile bool _isMoving;

    public NamedSession(Router router, int id, OpenRequest request, PtyCommand command)
        : this(router, id, request, [command.FileName, .. command.Arguments])
    {
    }

    /// <param name="router">The router.</param>
    /// <param name="id">Its number.</param>
    /// <param name="request">What the client wants.</param>
    /// <param name="words">Program and arguments, as far as they are known.</param>
    public NamedSession(Router router, int id, OpenRequest request, IReadOnlyList<string> words)
    {
        _router = router;
        _settings = router.Settings;
        _lane = router.InteractiveLane;
        _program = words.Count > 0 ? words[0] : "the shell";
        _target = request.Target;
        Id = id;
        Name = request.Session ?? $"{Id}";
        OnDisconnect = request.OnDisconnect ?? (request.Session is null ? _settings.OnDisconnect : OnDisconnect.Keep);
        CommandLine = Shorten(request.Target is null ? words : [$"{request.Target}:", .. words]);
        _size = _settings.Size;
    }

    /// <summary>Characters of a command that are told to others.</summary>
    private const int MostOfCommandLine = 1024;

    public int Id { get; }

    public string Name { get; }

    public string CommandLine { get; }

    public OnDisconnect OnDisconnect { get; }

    public Lane Lane
    {
        get => _lane;
        private set => _lane = value;
    }

    public bool IsHere => Lane.Loop.IsCurrent && !_isMoving;

    public bool IsStartWanted => _startWanted;

    /// <summary>Has the program started, for the client that asked for it.</summary>
    public void Open(Peer peer, SpawnPlan plan)
    {
        Begin(peer);
        _router.Spawner.Start(plan, _size, this);
        _router.Spawner.Retire(plan);
    }

    /// <summary>The same inside of a target.</summary>
    public void OpenInside(Peer peer, OpenRequest request)
    {
        Begin(peer);
        _router.Enterer.Run();
        _router.Enterer.Start(_router.Entrance!, request, _size, this);
    }

    private void Begin(Peer peer)
    {
        _started = _lastTraffic = Lane.Loop.Now;
        Lane.Counters.Accepted++;
        Lane.Sessions.Add(this);
        Admit(peer, isViewer: false);
    }

    /// <summary>What is known of it. Read by others than its lane too: a number may be a moment old.</summary>
    public SessionInfo Describe() => new()
    {
        Session = Name,
        Id = Id,
        Pid = _pid,
        Command = CommandLine,
        Started = _since.ToUnixTimeSeconds(),
        Clients = _peers.Count,
        Rows = _size.Rows,
        Columns = _size.Columns,
        OnDisconnect = OnDisconnect,
        Idle = Math.Max(0, Environment.TickCount64 - _lastTraffic) / 1000,
    };

    /// <summary>A command as a person would write it, its beginning at least.</summary>
    public static string Shorten(IReadOnlyList<string> words)
    {
        string line = string.Join(' ', words);
        return line.Length <= MostOfCommandLine ? line : line[..(MostOfCommandLine - (char.IsHighSurrogate(line[MostOfCommandLine - 1]) ? 1 : 0))];
    }

    /// <summary>The program runs inside of its target; there may be something that the person should know.</summary>
    public void OnEntered(Pty terminal, Leader leader, string? notice)
    {
        OnStarted(terminal, leader);
        if (notice is null || _state != SessionState.Running) return;
        foreach (Peer peer in _peers.ToArray())
            Tell(peer, "entered", notice);
    }

    public void OnStarted(Pty terminal, Leader leader)
    {
        _terminal = terminal;
        _leader = leader;
        _pid = leader.Pid;
        if (OnDisconnect.Action == DisconnectAction.Kill)
            _enclosure = new Enclosure(_router.Killer, Id, leader, _target is not null);
        try
        {
            WatchLeader();
            if (_state == SessionState.HungUp || Lane.IsStopping)
            {
                EndOrKill(SessionEnd.Stopping);
                if (_isKilled)
                    SetTimer(Purpose.Kill, KillAfter);
                return;
            }

            _masterSlot = Lane.Loop.Add(terminal.Master.Value, MasterEvents, this, Master);
        }
        catch (KernelException refused)
        {
            RefuseAll(refused);
            _state = SessionState.Running; // it is not being started any more
            End(SessionEnd.HungUp);
            return;
        }

        _state = SessionState.Running;
        _router.Log.SessionStarted(Id, leader.Pid, terminal.Number, "session");
        if (OnDisconnect.IsKept)
        {
            _history = new SessionHistory(_size, _settings.HistoryBytes);
            if (_router.Store is { } store)
                StoredSession.Keep(store, Describe(), terminal, leader);
        }

        _controlling = _peers.Find(static peer => !peer.IsViewer);
        ApplySize(_size);
        _router.Directory.Publish("started", this);
        foreach (Peer peer in _peers.ToArray())
            Confirm(peer);
        WatchIdle();
        FlushInput();
    }

    public void OnStartCancelled() => Close();

    public void OnStartFailed(IOException refused)
    {
        _router.OnRefused(Id, refused.Message);
        RefuseAll(refused);
        Close();
    }

    void IEventSource.OnEvents(int role, uint events)
    {
        if (role == Exit)
            OnLeaderExited();
        else
            OnMaster(events);
    }

    void ITimerTarget.OnTimer(int purpose)
    {
        switch ((Purpose)purpose)
        {
            case Purpose.DrainQuiet: OnDrainQuiet(); break;
            case Purpose.DrainLimit: OnDrainLimit(); break;
            case Purpose.EndOfFile: RepeatEndOfFile(); break;
            case Purpose.Idle: OnIdle(); break;
            case Purpose.Kept: WatchKept(); break;
            case Purpose.Kill: KillEverything(); break;
            case Purpose.Stalled: OnStalled(); break;
            case Purpose.Lost: GiveUpLost(); break;
        }
    }

    /// <summary>The router stops.</summary>
    public void HangUp() => EndOrKill(SessionEnd.Stopping);

    /// <summary>Ends it, or sends its foreground group a signal; from any thread.</summary>
    public void Kill(int? signal) => OnOwnLane(() =>
    {
        if (signal is { } number)
        {
            Signal(number);
            return;
        }

        _isKilled = true;
        _killsRest = _ended is not null;
        End(SessionEnd.HungUp);
        if (_leader is not null || _ended is not null)
            SetTimer(Purpose.Kill, KillAfter);
    });

    /// <summary>Ends the session from this side: clients are told why, the program gets SIGHUP.</summary>
    private void End(string reason)
    {
        if (_state == SessionState.Closed) return;
        bool isStarting = _state == SessionState.Starting || (_state == SessionState.HungUp && _leader is null);
        _state = SessionState.HungUp;
        _startWanted = false;
        CancelTimers();
        if (_enclosure is not { IsBusy: true })
            ReleaseTerminal();
        Lane.Loop.Remove(ref _masterSlot);
        DismissAll(new SessionEnd { Reason = reason });
        _router.Directory.Remove(this, $"the session {Name} was ended");
        if (_leader is null && !isStarting)
            Close();
    }

    /// <summary>As <see cref="End"/>; nothing of the session lives on where it is such a one.</summary>
    private void EndOrKill(string reason)
    {
        if (OnDisconnect.Action == DisconnectAction.Kill)
            KillEverything();
        End(reason);
    }

    private void WatchLeader()
    {
        try
        {
            _exitSlot = Lane.Loop.Add(_leader!.Pidfd.Value, Libc.EPOLLIN, this, Exit);
        }
        catch (KernelException)
        {
            _leader!.Abandon(); // a child that nobody watches would stay as a zombie
            _leader = null;
            throw;
        }
    }

    private void OnLeaderExited()
    {
        if (_leader!.TryReap() is not { } status) return;
        _status = status;
        Lane.Loop.Remove(ref _exitSlot);
        (_ended, _leader) = (_leader, null);
        if (_state == SessionState.HungUp)
        {
            Close();
            return;
        }

        _state = SessionState.Draining;
        _bytesSinceExit = 0;
        ReadTerminal();
        WatchDrain();
    }

    private void WatchDrain()
    {
        if (_state != SessionState.Draining || _settings.WaitForSlaves) return;
        SetTimer(Purpose.DrainQuiet, Session.DrainQuiet);
        SetTimer(Purpose.DrainLimit, Session.DrainLimit);
    }

    private ExitStatus _status = ExitStatus.Unknown;

    /// <summary>Another process holds the terminal, and says nothing.</summary>
    private void OnDrainQuiet()
    {
        if (_state != SessionState.Draining) return;
        long rest = _lastTraffic + Session.DrainQuiet - Lane.Loop.Now;
        if (rest <= 0 && !IsHeld)
            Finish();
        else
            SetTimer(Purpose.DrainQuiet, (int)Math.Max(rest, Session.DrainQuiet / 4));
    }

    /// <summary>Another process holds the terminal, and goes on talking. What the leader wrote comes first, however slow the clients.</summary>
    private void OnDrainLimit()
    {
        if (_state != SessionState.Draining) return;
        int before = _bytesSinceExit;
        ReadTerminal();
        if (_state != SessionState.Draining) return;
        if ((!IsHeld && _bytesSinceExit == before) || _bytesSinceExit >= Session.MostBytesInTerminal)
            Finish();
        else
            SetTimer(Purpose.DrainLimit, Session.DrainQuiet);
    }

    /// <summary>All output has been read: every client gets what it has not had, and how the program ended.</summary>
    private void Finish()
    {
        CancelTimers();
        ReleaseTerminal();
        DismissAll(new SessionEnd { Code = _status.Code, Signal = _status.Signal, CoreDumped = _status.CoreDumped });
        Close();
    }

    private void Close()
    {
        if (_state == SessionState.Closed) return;
        _state = SessionState.Closed;
        CancelTimers();
        ReleaseTerminal();
        if (!_killsRest && _enclosure is not { IsBusy: true })
            ReleaseProcesses();
        Lane.Sessions.Remove(this);
        Lane.Counters.Ended++;
        _router.Directory.Remove(this, $"the session {Name} has ended, with {_status}");
        if (_pid > 0)
        {
            _router.Log.SessionEnded(Id, _status, Lane.Loop.Now - _started);
            _router.Directory.Publish("exited", this, _status);
        }

        _router.OnSessionClosed(Lane);
    }

    /// <summary>No process of the session is to live on. The terminal is hung up after that: a hang-up would end the parents first, and their children would be lost sight of.</summary>
    private void KillEverything()
    {
        if (_enclosure is { IsBusy: true }) return;
        if (_leader is { } leader)
        {
            Lane.Loop.Remove(ref _exitSlot);
            _enclosure ??= new Enclosure(_router.Killer, Id, leader, _target is not null);
            _enclosure.Kill(Lane.Loop, OnEverythingKilled);
        }
        else if (_ended is { } ended)
        {
            _enclosure ??= Enclosure.OfEnded(_router.Killer, ended);
            _enclosure.Kill(Lane.Loop, ReleaseProcesses);
        }

        // Neither: it is only just being started, and that is done when it has.
    }

    private void ReleaseProcesses()
    {
        _ended?.Dispose();
        _ended = null;
        _enclosure?.Release();
    }

    private void OnEverythingKilled()
    {
        ReleaseTerminal();
        try
        {
            WatchLeader();
        }
        catch (KernelException)
        {
            Close(); // it was abandoned, and so reaped
        }
    }

    private void ReleaseTerminal()
    {
        Lane.Loop.Remove(ref _masterSlot);
        _input.Clear(Lane.Loop.Buffers);
        if (_terminal is null) return;
        if (_history is not null)
            _router.Store?.Remove(StoredSession.NameOf(Id)); // there it would go on, and never be hung up
        _terminal.Dispose();
        _terminal = null;
    }

    private void OnOwnLane(Action what)
    {
        if (IsHere)
            what();
        else
            Lane.Loop.Post(_ => OnOwnLane(what)); // it may have moved once more by then, or not have arrived
    }

    private void SetTimer(Purpose purpose, int milliseconds)
    {
        _timers[(int)purpose]?.Cancel();
        _timers[(int)purpose] = Lane.Loop.Schedule(milliseconds, this, (int)purpose);
    }

    private void CancelTimer(Purpose purpose)
    {
        _timers[(int)purpose]?.Cancel();
        _timers[(int)purpose] = null;
    }

    private void CancelTimers()
    {
        for (int i = 0; i < _timers.Length; i++)
            CancelTimer((Purpose)i);
    }
}
