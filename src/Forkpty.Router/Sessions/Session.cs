using System.Globalization;
using Forkpty.Interop;
using Forkpty.Named;
using Forkpty.Protocol;
using Forkpty.Reactor;

namespace Forkpty.Sessions;

/// <summary>
/// A program on a terminal and the client it belongs to. Lives on one lane at a time; nobody else touches it.
/// </summary>
/// <remarks>
/// This file is the life of a session from its start to its end; <c>Session.Output.cs</c> is the way from the program to the client,
/// <c>Session.Input.cs</c> the way back.
/// </remarks>
internal sealed partial class Session : ILaneResident, IViewerHost, ITerminalOwner, IProgramOwner, IDrained, IEventSource, ITimerTarget
{
    /// <summary>Milliseconds that a client in uwsgi mode has to say its window's size before the program starts without.</summary>
    private const int FirstPacketWait = 100;

    /// <summary>Milliseconds more for one that has begun to offer the session protocol: its machine is busy, or the network is slow.</summary>
    private const int OfferWait = 10_000;

    /// <summary>Milliseconds that an idle timer runs at most, then it looks again: a cancelled one stays in its queue until it is due.</summary>
    internal const int MostIdleWait = 60_000;

    private enum Purpose
    {
        FirstPacket,
        EndOfFile,
        WindowHalf,
        Idle,
        Unseen,
        Flush,
    }

    private readonly Router _router;
    private SessionSettings _settings;
    private readonly Viewer _viewer;
    private Pty? _terminal;
    private SessionProgram? _program;
    private Drain? _drain;
    private LoopTimer?[]? _timers;
    private int _masterSlot = -1;
    private SessionState _state;
    private bool _terminalEnded;
    private bool _hasRun;
    private bool _waitsForOffer;
    private volatile bool _startWanted = true;
    private long _started;

    public Session(Router router, Lane lane, SafeFd socket, WireMode mode, bool isTcp)
    {
        _router = router;
        _settings = router.Settings;
        Lane = lane;
        Id = router.NextSessionId();
        _size = _settings.Size;
        _viewer = new Viewer(this, socket, mode, isTcp);
    }

    public int Id { get; }

    private string LogName => Id.ToString(CultureInfo.InvariantCulture);

    public Lane Lane { get; private set; }

    public SessionState State => _state;

    /// <summary>A client has connected: starts its program, in uwsgi mode once its first packet has come.</summary>
    public void Open()
    {
        _started = Lane.Loop.Now;
        LastTraffic = _started;
        Lane.Sessions.Add(this);
        if (_viewer.Mode == WireMode.Raw)
        {
            Start();
            return;
        }

        _state = SessionState.Waiting;
        SetTimer(Purpose.FirstPacket, FirstPacketWait);
        if (!_viewer.TryAttach())
            HangUp();
    }

    /// <summary>The client speaks the session protocol: this session never was one.</summary>
    public void Upgrade(Viewer viewer, ReadOnlySpan<byte> rest)
    {
        SafeFd socket = viewer.Release();
        CancelTimers();
        _state = SessionState.Closed;
        Lane.Sessions.Remove(this);
        Lane.Counters.Accepted--;
        new Peer(_router, socket, viewer.IsTcp, Id, _size).Greet(rest);
    }

    /// <summary>The client has said nothing, or not enough.</summary>
    private void OnFirstPacketLate()
    {
        _viewer.ReadNow(); // where this process had to wait for a processor, it may lie there
        if (_state != SessionState.Waiting) return;
        if (_waitsForOffer || !_viewer.HasBegunOffer)
        {
            Start();
            return;
        }

        _waitsForOffer = true;
        SetTimer(Purpose.FirstPacket, OfferWait);
    }

    /// <summary>Has the program started off this loop, because that takes longer than a keystroke may wait.</summary>
    private void Start()
    {
        CancelTimer(Purpose.FirstPacket);
        _rowsCame = _columnsCame = false;
        _state = SessionState.Starting;
        _settings = _router.Settings; // it may have been replaced while the client said nothing
        _viewer.UpdateInterest();
        _router.Spawner.Start(_settings.Plan, _size, this);
    }

    /// <summary>The program runs. The client may have gone meanwhile, or the router may be stopping.</summary>
    public void OnStarted(Pty terminal, Leader leader)
    {
        _terminal = terminal;
        _program = new SessionProgram(this, _router, leader);
        try
        {
            _program.Watch();
            if (_state == SessionState.HungUp || Lane.IsStopping)
            {
                HangUp();
                return;
            }

            _state = SessionState.Running;
            WatchTerminal();
            _viewer.Attach();
        }
        catch (KernelException refused)
        {
            OnStartFailed(refused);
            return;
        }

        _hasRun = true;
        _router.Log.SessionStarted(LogName, leader.Pid, terminal.Number, _viewer.Mode == WireMode.Raw ? "raw mode" : "uwsgi mode");
        _viewer.UpdateInterest();
        WatchIdle();
        FlushInput();
        if (_viewer.InputEnded)
            OnInputEnded(_viewer);
    }

    public bool IsStartWanted => _startWanted;

    public void OnStartCancelled() => Close();

    /// <summary>There is no program for this client: it is told why, in words.</summary>
    public void OnStartFailed(IOException refused)
    {
        _router.OnRefused(Id, refused.Message);
        if (_state != SessionState.HungUp)
            _viewer.Send(Refusals.CannotStart(refused, _settings.Plan.Command.FileName));
        if (_program?.Leader is not null)
        {
            HangUp();
            return;
        }

        _state = SessionState.Flushing;
        CloseWhenFlushed();
    }

    private void WatchTerminal() => _masterSlot = Lane.Loop.Add(_terminal!.Master.Value, MasterEvents, this, role: 0);

    void IEventSource.OnEvents(int role, uint events) => OnMaster(events);

    void ITimerTarget.OnTimer(int purpose)
    {
        switch ((Purpose)purpose)
        {
            case Purpose.FirstPacket: OnFirstPacketLate(); break;
            case Purpose.EndOfFile: RepeatEndOfFile(); break;
            case Purpose.WindowHalf: ApplySize(); break;
            case Purpose.Idle: OnIdle(); break;
            case Purpose.Unseen: OnUnseen(); break;
            case Purpose.Flush: HangUp(); break;
        }
    }

    /// <summary>The client has closed its connection: hang the terminal up, so that the kernel sends SIGHUP.</summary>
    public void OnViewerGone(Viewer viewer)
    {
        _viewer.Close();
        switch (_state)
        {
            case SessionState.Waiting:
                Close();
                break;
            case SessionState.Starting:
                _state = SessionState.HungUp; // once it has started it is hung up
                _startWanted = false;
                break;
            default:
                HangUp();
                break;
        }
    }

    /// <summary>Ends the session from this side: the client is cut off, the program gets SIGHUP.</summary>
    public void HangUp()
    {
        if (_state == SessionState.Closed) return;
        CancelTimers();
        _viewer.Close();
        bool starting = _state is SessionState.Starting || (_state == SessionState.HungUp && _program is null);
        _state = SessionState.HungUp;
        _startWanted = false;
        ReleaseTerminal();
        if (_program?.Leader is null && !starting)
            Close();
    }

    public void OnProgramEnded()
    {
        _program!.Release(); // what it has started goes on
        if (_state == SessionState.HungUp)
        {
            Close();
            return;
        }

        _state = SessionState.Draining;
        ReadTerminal();
        WatchDrain();
    }

    private void WatchDrain()
    {
        if (_state == SessionState.Draining && !_settings.WaitForSlaves)
            _drain = new Drain(this, isLimited: true);
    }

    /// <summary>All output has been read: closes the connection once the client has taken the rest, and hangs the terminal up.</summary>
    public void Finish()
    {
        CancelTimers();
        _state = SessionState.Flushing;
        CloseWhenFlushed();
    }

    private void CloseWhenFlushed()
    {
        if (_viewer.Behind > 0 && _viewer.TryAttach())
        {
            ReleaseTerminal();
            _viewer.UpdateInterest();
            SetTimer(Purpose.Flush, Connection.FlushLimit);
            return;
        }

        _viewer.Close(); // first: the kernel takes 30 us to free a terminal, and the client waits
        Close();
    }

    private void Close()
    {
        if (_state == SessionState.Closed) return;
        _state = SessionState.Closed;
        CancelTimers();
        ReleaseTerminal();
        Lane.Sessions.Remove(this);
        Lane.Counters.Ended++;
        if (_hasRun)
            _router.Log.SessionEnded(LogName, _program!.Status, Lane.Loop.Now - _started);
        _router.OnSessionClosed(Lane);
    }

    private void ReleaseTerminal()
    {
        Lane.Loop.Remove(ref _masterSlot);
        _input.Clear(Lane.Loop.Buffers);
        if (_terminal is not null)
            _router.Closer.Close(_terminal);
        _terminal = null;
    }

    private void SetTimer(Purpose purpose, int milliseconds)
    {
        _timers ??= new LoopTimer?[Enum.GetValues<Purpose>().Length];
        _timers[(int)purpose]?.Cancel();
        _timers[(int)purpose] = Lane.Loop.Schedule(milliseconds, this, (int)purpose);
    }

    private void CancelTimer(Purpose purpose)
    {
        if (_timers is null) return;
        _timers[(int)purpose]?.Cancel();
        _timers[(int)purpose] = null;
    }

    private void CancelTimers()
    {
        _drain?.Stop();
        _drain = null;
        foreach (LoopTimer? timer in _timers ?? [])
            timer?.Cancel();
        _timers = null;
    }
}
