using Forkpty.Interop;
using Forkpty.Reactor;

namespace Forkpty.Sessions;

/// <summary>
/// One program on one terminal, and any number of clients that all see it and all may type: uWSGI's pty-socket. A client that does not read is dropped.
/// </summary>
internal sealed partial class SharedTerminal : IViewerHost, ITerminalOwner, IProgramOwner, IEventSource, ITimerTarget
{
    private const int Master = 0;
    private const int LocalInput = 1;

    private readonly Router _router;
    private readonly SharedTerminalOptions _options;
    private readonly SpawnPlan _plan;
    private Pty? _terminal;
    private SessionProgram? _program;
    private InputQueue _input;
    private int _masterSlot = -1;
    private bool _starting;
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

    public void OnStarted(Pty terminal, Leader leader)
    {
        _starting = false;
        _terminal = terminal;
        _program = new SessionProgram(this, _router, leader);
        try
        {
            _program.Watch();
            WatchTerminal();
        }
        catch (KernelException refused)
        {
            ReleaseTerminal();
            _program.Abandon();
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
        _router.OnSessionClosed(Lane);
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

        // Now, for they are taken off the list that was walked.
        foreach (Viewer viewer in lost ?? [])
            OnViewerGone(viewer);
        if (!_paused)
            PauseIfSomebodyIsBehind();
    }

    public void OnProgramEnded()
    {
        ExitStatus status = _program!.Status;
        ReleaseProgram();
        _router.Log.SharedTerminal($"the program ended with {status}{(_stopping ? "" : "; it starts again with the next client")}");

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
        if (_terminal is not null)
            _router.Closer.Close(_terminal);
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
}
