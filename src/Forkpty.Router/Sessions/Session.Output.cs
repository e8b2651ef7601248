using Forkpty.Interop;

namespace Forkpty.Sessions;

/// <content>From the program to the client.</content>
internal sealed partial class Session
{
    /// <summary>
    /// Bytes of one read: what the kernel's line discipline holds. A read that brings less has emptied it, and another one would sleep until the kernel's flush worker
    /// has run, so the echo of a key is sent after one read. Smaller slices overlap with that worker where processors are idle, but cost up to twice the processor time a
    /// byte (512: 10 to 14 ms/MiB, 4,096: 4 to 6), which is what counts where everybody is busy.
    /// </summary>
    private const int Slice = 4096;

    /// <summary>
    /// More than so many bytes within so many milliseconds is a flood and goes to a bulk lane. Low on purpose: of many floods on a busy machine each one gets only a
    /// few hundred KB a second, and together they hold up every keystroke; a screen that is drawn anew and moves for nothing costs 10 us.
    /// </summary>
    private const int FloodBytes = 8 * 1024;
    private const int FloodWindow = 50;

    /// <summary>No more than <see cref="FloodBytes"/> within so many milliseconds is quiet, and comes back.</summary>
    private const int QuietWindow = 200;

    private long _windowStart;
    private int _windowBytes;
    private int _bytesSinceExit;
    private long _lastTraffic;

    /// <summary>The client has taken everything: the program may go on.</summary>
    public void OnViewerCaughtUp(Viewer viewer)
    {
        _lastTraffic = Lane.Loop.Now;
        if (_state == SessionState.Flushing)
            CloseWhenFlushed();
        else
            UpdateMaster();
    }

    private void OnMaster(uint events)
    {
        if ((events & Libc.EPOLLOUT) != 0)
            FlushInput();
        if ((events & (Libc.EPOLLIN | Libc.EPOLLHUP | Libc.EPOLLERR)) != 0 && _masterSlot >= 0)
            ReadTerminal();
    }

    /// <summary>
    /// Reads what one turn may, sends it, and stops reading while the client is behind: then the program waits, as it would on a slow terminal.
    /// </summary>
    private void ReadTerminal()
    {
        if (_viewer.Behind > 0) return;
        Span<byte> buffer = Lane.Loop.Buffers.Scratch;
        int filled = 0;
        nint count;
        do
        {
            count = Libc.read(_terminal!.Master.Value, buffer.Slice(filled, Math.Min(Slice, buffer.Length - filled)));
            if (count > 0)
                filled += (int)count;
        }
        while (count == Slice && filled < buffer.Length);

        if (filled > 0 && !Deliver(buffer[..filled])) return;
        if (count <= 0 && count != -(nint)Errno.EAGAIN)
            OnTerminalEnded();
    }

    /// <returns>false where the session is not here any more: the client has gone, or it has moved to another lane.</returns>
    private bool Deliver(ReadOnlySpan<byte> bytes)
    {
        _lastTraffic = Lane.Loop.Now;
        _terminalEnded = false;
        Lane.Counters.BytesOut += bytes.Length;
        _bytesSinceExit += bytes.Length;
        if (!_viewer.Send(bytes))
        {
            OnViewerGone(_viewer);
            return false;
        }

        UpdateMaster();
        return !MoveIfFloodHasChanged(bytes.Length);
    }

    /// <summary>EIO: no process has the terminal open. The leader may have ended, or may go on without a terminal, or open it again.</summary>
    private void OnTerminalEnded()
    {
        _terminalEnded = true;
        if (_state == SessionState.Draining)
            Finish();
        else
            UpdateMaster();
    }

    /// <summary>
    /// Which events of the terminal are wanted. Edge-triggered where its hang-up is known or cannot be handled now: that state lasts, and would wake the loop
    /// for ever.
    /// </summary>
    private uint MasterEvents =>
        (_viewer.Behind > 0 ? Libc.EPOLLET : _terminalEnded ? Libc.EPOLLIN | Libc.EPOLLET : Libc.EPOLLIN) | (_input.IsEmpty ? 0 : Libc.EPOLLOUT);

    private void UpdateMaster()
    {
        if (_masterSlot >= 0)
            Lane.Loop.Modify(_masterSlot, MasterEvents);
    }

    private bool MoveIfFloodHasChanged(int bytes)
    {
        long elapsed = Lane.Loop.Now - _windowStart;
        int window = Lane.IsBulk ? QuietWindow : FloodWindow;
        if (elapsed <= window)
        {
            _windowBytes += bytes;
            return !Lane.IsBulk && _windowBytes > FloodBytes && MoveTo(_router.BulkLane());
        }

        bool isQuiet = _windowBytes <= FloodBytes;
        _windowStart = Lane.Loop.Now;
        _windowBytes = bytes;
        return Lane.IsBulk && isQuiet && MoveTo(_router.InteractiveLane);
    }

    /// <summary>Hands the session over to another lane, whose thread it belongs to from the end of this call on.</summary>
    private bool MoveTo(Lane? target)
    {
        if (target is null || target == Lane || _state != SessionState.Running || _viewer.InputEnded || _rowsCame || _columnsCame) return false;
        CancelTimers();
        _viewer.Detach();
        Lane.Loop.Remove(ref _masterSlot);
        Lane.Loop.Remove(ref _exitSlot);
        Lane.Sessions.Remove(this);
        Lane = target;
        target.Loop.Post(static self => ((Session)self!).Arrive(), this);
        return true;
    }

    private void Arrive()
    {
        Lane.Sessions.Add(this);
        _windowStart = Lane.Loop.Now;
        _windowBytes = 0;
        try
        {
            WatchLeader();
            _masterSlot = Lane.Loop.Add(_terminal!.Master.Value, MasterEvents, this, Master);
            _viewer.Attach();
        }
        catch (KernelException refused)
        {
            _router.Log.SessionLost(Id, refused.Message);
            HangUp();
            return;
        }

        WatchIdle();
        if (Lane.IsStopping)
            HangUp();
    }
}
