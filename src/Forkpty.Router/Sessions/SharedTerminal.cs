using Forkpty.Interop;
using Forkpty.Protocol;
using Forkpty.Reactor;

namespace Forkpty.Sessions;

/// <summary>
/// One program on one terminal, and any number of clients that all see it and all may type: uWSGI's pty-socket. A client that does not read is dropped.
/// </summary>
internal sealed partial class SharedTerminal : IViewerHost, ITerminalOwner, IProgramOwner, IEventSource, ITimerTarget
{
    /// <summary>Bytes that a client may be behind before the program has to wait for it: a bound for memory.</summary>
    private const int MostBehind = 256 * 1024;

    /// <summary>Within so many milliseconds a client that is waited for has to take so many bytes, or it is dropped: one that is slow is kept, one that does not read holds the others up once.</summary>
    private const int Patience = 500;
    private const int LeastTaken = 64 * 1024;

    private const int Master = 0;
    private const int LocalInput = 1;

    private readonly Router _router;
    private readonly SharedTerminalOptions _options;
    private readonly SpawnPlan _plan;
    private readonly List<Viewer> _viewers = [];
    private readonly Dictionary<Viewer, LoopTimer> _leaving = [];
    private Pty? _terminal;
    private SessionProgram? _program;
    private InputQueue _input;
    private int _masterSlot = -1;
    private int _localSlot = -1;
    private bool _starting;
    private LoopTimer? _patience;
    private bool _paused;
    private volatile bool _stopping;

    public SharedTerminal(Router router, SharedTerminalOptions options)
    {
        _router = router;
        _options = options;
        _plan = SessionSettings.MakePlan(options.Command, directory: null, router.Settings.Environment);
    }

    public Lane Lane => _router.InteractiveLane;

    public bool WantsInput => _input.Room > 0;

    public bool IsStartWanted => !_stopping;

    /// <summary>Whether no program runs or is being started.</summary>
    public bool HasEnded => _program is null && !_starting;

    public int InputRoom => _input.Room;

    public bool MayUpgrade => false;

    public void Upgrade(Viewer viewer, ReadOnlySpan<byte> rest) => throw new InvalidOperationException("Clients of a shared terminal speak raw mode.");

    /// <summary>Starts the program, unless it runs.</summary>
    public void Start()
    {
        if (_starting || _program is not null || _stopping) return;
        _starting = true;
        _router.Spawner.Start(_plan, _router.Settings.Size, this);
    }

    public void Join(SafeFd client, bool isTcp)
    {
        var viewer = new Viewer(this, client, WireMode.Raw, isTcp);
        if (!viewer.TryAttach())
        {
            viewer.Close();
            return;
        }

        _viewers.Add(viewer);
        Start();
    }

    public void OnStarted(Pty terminal, Leader leader)
    {
        _starting = false;
        _terminal = terminal;
        _program = new SessionProgram(this, _router, session: 0, leader);
        try
        {
            _program.Watch();
            WatchTerminal();
        }
        catch (KernelException refused)
        {
            ReleaseTerminal();
            _program.Leader?.Abandon();
            ReleaseProgram();
            OnStartFailed(refused);
            return;
        }

        if (_options.Input is { } input && _localSlot < 0)
            WatchLocalInput(input);
        _router.Log.SharedTerminal($"process {leader.Pid} runs on {terminal.Name}");
        if (_stopping)
            HangUp();
    }

    public void OnStartCancelled()
    {
        _starting = false;
        _router.OnSessionClosed(Lane);
    }

    public void OnStartFailed(IOException refused)
    {
        _starting = false;
        _router.Log.SharedTerminal($"not started: {refused.Message}");
        byte[] sentence = Refusals.CannotStart(refused, _plan.Command.FileName);
        foreach (Viewer viewer in _viewers)
            viewer.Send(sentence);
        DismissViewers();
    }

    public void OnEvents(int role, uint events)
    {
        switch (role)
        {
            case LocalInput: ReadLocalInput(); break;
            default:
                if ((events & Libc.EPOLLOUT) != 0) FlushInput();
                if ((events & (Libc.EPOLLIN | Libc.EPOLLHUP)) != 0 && !_paused) ReadTerminal();
                break;
        }
    }

    public void Input(ReadOnlySpan<byte> bytes)
    {
        _input.Write(_terminal, bytes, Lane.Loop.Buffers);
        if (!_input.IsEmpty)
            UpdateInterest();
    }

    public void Signal(int number)
    {
    }

    public void SetRows(ushort rows)
    {
    }

    public void SetColumns(ushort columns)
    {
    }

    public void EndOfPackets()
    {
    }

    public void OnInputEnded(Viewer viewer)
    {
    }

    public void OnViewerCaughtUp(Viewer viewer)
    {
        if (_leaving.ContainsKey(viewer))
        {
            OnViewerGone(viewer);
        }
        else if (_paused)
        {
            _patience?.Cancel();
            PauseIfSomebodyIsBehind();
        }
    }

    public void OnViewerGone(Viewer viewer)
    {
        _viewers.Remove(viewer);
        if (_leaving.Remove(viewer, out LoopTimer? limit))
            limit.Cancel();
        viewer.Close();
    }

    /// <summary>The router stops: the program gets SIGHUP, the clients an end.</summary>
    public void HangUp()
    {
        _stopping = true;
        Lane.Loop.Remove(ref _localSlot);
        ReleaseTerminal();
        foreach (Viewer viewer in (IEnumerable<Viewer>)[.. _viewers, .. _leaving.Keys])
            OnViewerGone(viewer);
    }

    // Edge-triggered while it is not read: a hang-up lasts, and would wake the loop for ever.
    private uint MasterEvents => (_paused ? Libc.EPOLLET : Libc.EPOLLIN) | (_input.IsEmpty ? 0 : Libc.EPOLLOUT);

    /// <returns>How many bytes were there.</returns>
    private int ReadTerminal()
    {
        if (_terminal is null) return 0;
        Span<byte> buffer = Lane.Loop.Buffers.Scratch;
        nint count = Libc.read(_terminal.Master.Value, buffer);
        if (count > 0)
        {
            Publish(buffer[..(int)count]);
            return (int)count;
        }

        if (count != -(nint)Errno.EAGAIN)
            ReleaseTerminal(); // nobody has it open any more
        return 0;
    }

    private void Publish(ReadOnlySpan<byte> bytes)
    {
        Lane.Counters.BytesOut += bytes.Length;
        List<Viewer>? lost = null;
        foreach (Viewer viewer in _viewers)
        {
            if (!viewer.Send(bytes))
                (lost ??= []).Add(viewer);
        }

        if (_options.OutputCopy is { } copy)
            LossyOutput.Write(copy, bytes);

        // Last: closing one reads its unread input away, into the buffer that the output is in.
        foreach (Viewer viewer in lost ?? [])
            OnViewerGone(viewer);
        if (!_paused)
            PauseIfSomebodyIsBehind();
    }

    /// <summary>Lets the program wait, as it would on a slow terminal, while a client that reads catches up.</summary>
    private void PauseIfSomebodyIsBehind()
    {
        _paused = _viewers.Exists(static viewer => viewer.Behind > MostBehind);
        if (_paused)
        {
            foreach (Viewer viewer in _viewers)
                viewer.BehindAtPause = viewer.Behind;
            _patience = Lane.Loop.Schedule(Patience, this, purpose: 0);
        }

        UpdateInterest();
    }

    /// <summary>Whoever was waited for and has not read is dropped; then the program goes on, unless somebody who reads is still far behind.</summary>
    void ITimerTarget.OnTimer(int purpose)
    {
        foreach (Viewer viewer in _viewers.FindAll(static viewer => viewer.Behind > MostBehind && viewer.BehindAtPause - viewer.Behind < LeastTaken))
        {
            _router.Log.SharedTerminal($"a client that does not read was dropped, {viewer.Behind} bytes behind");
            OnViewerGone(viewer);
        }

        PauseIfSomebodyIsBehind();
    }

    public void OnProgramEnded()
    {
        ExitStatus status = _program!.Status;
        ReleaseProgram();
        _router.Log.SharedTerminal($"the program ended with {status}; it starts again with the next client");

        if (_stopping)
        {
            _router.OnSessionClosed(Lane);
            return;
        }

        // All it wrote is still in the terminal: as much as a terminal can hold. Where another process holds it open, that one is not waited for.
        for (int read = 0; read < Drain.MostBytesInTerminal && ReadTerminal() is > 0 and int count;)
            read += count;
        ReleaseTerminal();
        DismissViewers();
    }

    /// <summary>Ends every connection once its client has taken what was sent.</summary>
    private void DismissViewers()
    {
        foreach (Viewer viewer in _viewers)
        {
            viewer.StopInput(); // what it types now is not for the next program
            if (viewer.Behind > 0)
                _leaving.Add(viewer, Lane.Loop.Schedule(_options.LeaveLimit, new Leave(this, viewer), purpose: 0));
            else
                viewer.Close();
        }

        _viewers.Clear();
    }

    /// <summary>The time is over in which a client may take the last output.</summary>
    private sealed class Leave(SharedTerminal terminal, Viewer viewer) : ITimerTarget
    {
        public void OnTimer(int purpose)
        {
            terminal._router.Log.SharedTerminal($"a client that does not read was cut off, {viewer.Behind} bytes behind");
            terminal.OnViewerGone(viewer);
        }
    }

    private void WatchTerminal() => _masterSlot = Lane.Loop.Add(_terminal!.Master.Value, MasterEvents, this, Master);

    private void ReleaseProgram()
    {
        _program?.Release();
        _program = null;
    }

    private void ReleaseTerminal()
    {
        Lane.Loop.Remove(ref _masterSlot);
        _input.Clear(Lane.Loop.Buffers);
        _terminal?.Dispose();
        _terminal = null;
    }

    private void FlushInput()
    {
        if (_terminal is null) return;
        _input.Flush(_terminal, Lane.Loop.Buffers);
        UpdateInterest();
    }

    private void UpdateInterest()
    {
        if (_masterSlot >= 0)
            Lane.Loop.Modify(_masterSlot, MasterEvents);
        if (_localSlot >= 0)
            Lane.Loop.Modify(_localSlot, WantsInput ? Libc.EPOLLIN : 0);
        foreach (Viewer viewer in _viewers)
            viewer.UpdateInterest();
    }

    private void WatchLocalInput(int descriptor)
    {
        try
        {
            _localSlot = Lane.Loop.Add(descriptor, Libc.EPOLLIN, this, LocalInput);
        }
        catch (KernelException)
        {
            _router.Log.SharedTerminal("the router's own input is a file and is not read; use a terminal or a pipe");
        }
    }

    private void ReadLocalInput()
    {
        if (!WantsInput) return;
        nint count = Libc.read(_options.Input!.Value, Lane.Loop.Buffers.Scratch.AsSpan(0, _input.Room));
        if (count > 0)
            Input(Lane.Loop.Buffers.Scratch.AsSpan(0, (int)count));
        else if (count != -(nint)Errno.EAGAIN)
            Lane.Loop.Remove(ref _localSlot);
    }
}
