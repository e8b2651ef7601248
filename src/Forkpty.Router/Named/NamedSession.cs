using Forkpty.Interop;
using Forkpty.Protocol;
using Forkpty.Reactor;
using Forkpty.Sessions;
using Forkpty.Upgrade;

namespace Forkpty.Named;

/// <summary>
/// A session that the session protocol has opened on a terminal, with any number of clients that come and go. Lives on one lane at a time, with its clients.
/// </summary>
/// <remarks>
/// Its life is in <see cref="OpenedSession"/>; <c>NamedSession.Clients.cs</c> is who is attached, <c>NamedSession.Output.cs</c> and <c>NamedSession.Input.cs</c> are the ways from the program and back.
/// </remarks>
internal sealed partial class NamedSession : OpenedSession, IPeerHost, ITerminalOwner, IEventSource, ITimerTarget
{
    private enum Purpose
    {
        EndOfFile,
        Idle,
        Kept,
        Stalled,
        Lost,
    }

    private readonly SessionSettings _settings;
    private readonly LoopTimer?[] _timers = new LoopTimer?[Enum.GetValues<Purpose>().Length];
    private Pty? _terminal;
    private int _masterSlot = -1;
    private bool _terminalEnded;

    public NamedSession(Router router, int id, OpenRequest request, PtyCommand command)
        : this(router, id, request, [command.FileName, .. command.Arguments])
    {
    }

    /// <param name="router">The router.</param>
    /// <param name="id">Its number.</param>
    /// <param name="request">What the client wants.</param>
    /// <param name="words">Program and arguments, as far as they are known.</param>
    public NamedSession(Router router, int id, OpenRequest request, IReadOnlyList<string> words)
        : base(router, router.InteractiveLane, id, request, request.OnDisconnect ?? (request.Session is null ? router.Settings.OnDisconnect : OnDisconnect.Keep), words)
    {
        _settings = router.Settings;
        _size = _settings.Size;
    }

    /// <summary>Has the program started, for the client that asked for it.</summary>
    public void Open(Peer peer, SpawnPlan plan)
    {
        Begin(peer);
        Router.Spawner.Start(plan, _size, this);
        plan.Dispose();
    }

    /// <summary>The same inside of a target.</summary>
    public void OpenInside(Peer peer, OpenRequest request)
    {
        Begin(peer);
        Router.Enterer.Start(Router.Entrance!, request, _size, this);
    }

    public override SessionInfo Describe() => base.Describe() with { Clients = _peers.Count, Rows = _size.Rows, Columns = _size.Columns };

    public void OnStarted(Pty terminal, Leader leader) => OnStarted(terminal, leader, "session mode");

    private void OnStarted(Pty terminal, Leader leader, string how)
    {
        _terminal = terminal;
        try
        {
            if (!TryRun(leader)) return;
            WatchStreams();
        }
        catch (KernelException refused)
        {
            FailToRun(refused);
            return;
        }

        Router.Log.SessionStarted(LogName, leader.Pid, terminal.Number, how);
        if (OnDisconnect.IsKept)
        {
            _history = new SessionHistory(_size, _settings.HistoryBytes);
            if (Router.Store is { } store)
                StoredSession.Keep(store, Describe(), terminal, leader);
        }

        _controlling = _peers.Find(static peer => !peer.IsViewer);
        ApplySize(_size);
        Router.Directory.Publish("started", this);
        foreach (Peer peer in _peers.ToArray())
            Confirm(peer);
        WatchIdle();
        FlushInput();
    }

    /// <summary>The program runs inside of its target; there may be something that the person should know.</summary>
    /// <param name="terminal">Its terminal.</param>
    /// <param name="leader">The program.</param>
    /// <param name="notice">What the person should know.</param>
    /// <param name="place">Target and user, for the log.</param>
    public void OnEntered(Pty terminal, Leader leader, string? notice, string place)
    {
        OnStarted(terminal, leader, $"session mode, in {place}");
        if (notice is null || State != SessionState.Running) return;
        foreach (Peer peer in _peers.ToArray())
            Tell(peer, "entered", notice);
    }

    void IEventSource.OnEvents(int role, uint events) => OnMaster(events);

    void ITimerTarget.OnTimer(int purpose)
    {
        switch ((Purpose)purpose)
        {
            case Purpose.EndOfFile: RepeatEndOfFile(); break;
            case Purpose.Idle: OnIdle(); break;
            case Purpose.Kept: WatchKept(); break;
            case Purpose.Stalled: OnStalled(); break;
            case Purpose.Lost: GiveUpLost(); break;
        }
    }

    /// <summary>The program has ended, and the session does with it, whoever else holds its terminal.</summary>
    private bool IsEnding => State == SessionState.Draining && !_settings.WaitForSlaves;

    protected override Drain? MakeDrain() => IsEnding ? new Drain(this, isLimited: true) : null;

    protected override void WatchStreams()
    {
        if (_terminal is null)
            throw new KernelException("ioctl(TIOCGPTN)", $"the terminal of process {Program!.Pid}", (int)Errno.EBADF);
        _masterSlot = Lane.Loop.Add(_terminal.Master.Value, MasterEvents, this, role: 0);
    }

    protected override void UnwatchStreams() => Lane.Loop.Remove(ref _masterSlot);

    /// <summary>The kernel sends SIGHUP to whoever has the terminal.</summary>
    protected override void ReleaseStreams()
    {
        UnwatchStreams();
        _input.Clear(Lane.Loop.Buffers);
        if (_terminal is null) return;
        if (OnDisconnect.IsKept)
            Router.Store?.Remove(StoredSession.NameOf(Id)); // there it would go on, and never be hung up
        Router.Closer.Close(_terminal);
        _terminal = null;
    }

    protected override void StopTimers()
    {
        base.StopTimers();
        for (int i = 0; i < _timers.Length; i++)
            CancelTimer((Purpose)i);
    }

    private void Begin(Peer peer)
    {
        Begin();
        Admit(peer, isViewer: false);
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
}
