using Forkpty.Interop;

namespace Forkpty.Sessions;

/// <content>From the program to the client.</content>
internal sealed partial class Session
{
    private FloodMeter _flood;

    public long LastTraffic { get; private set; }

    public long Offset { get; private set; }

    public bool IsHeld => _viewer.Behind > 0;

    public void ReadRest() => ReadTerminal();

    /// <summary>The client has taken everything: the program may go on.</summary>
    public void OnViewerCaughtUp(Viewer viewer)
    {
        LastTraffic = Lane.Loop.Now;
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
        int filled = TerminalOutput.Read(_terminal!, buffer, out bool hasEnded);
        if (filled > 0 && !Deliver(buffer[..filled])) return;
        if (hasEnded)
            OnTerminalEnded();
    }

    /// <returns>false where the session is not here any more: the client has gone, or it has moved to another lane.</returns>
    private bool Deliver(ReadOnlySpan<byte> bytes)
    {
        LastTraffic = Lane.Loop.Now;
        _terminalEnded = false;
        Lane.Counters.BytesOut += bytes.Length;
        Offset += bytes.Length;
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

    private bool MoveIfFloodHasChanged(int bytes) =>
        _flood.Count(bytes, Lane.Loop.Now, Lane.IsBulk) && MoveTo(Lane.IsBulk ? _router.InteractiveLane : _router.BulkLane());

    /// <summary>Hands the session over to another lane, whose thread it belongs to from the end of this call on.</summary>
    private bool MoveTo(Lane? target)
    {
        if (target is null || target == Lane || _state != SessionState.Running || _viewer.InputEnded || _rowsCame || _columnsCame) return false;
        CancelTimers();
        _viewer.Detach();
        Lane.Loop.Remove(ref _masterSlot);
        _program!.Unwatch();
        _router.OnMoving();
        Lane.Sessions.Remove(this);
        Lane = target;
        target.Loop.Post(static self => ((Session)self!).Arrive(), this);
        return true;
    }

    private void Arrive()
    {
        Lane.Sessions.Add(this);
        _router.OnMoved(Lane);
        _flood.Reset(Lane.Loop.Now);
        try
        {
            _program!.Watch();
            WatchTerminal();
            _viewer.Attach();
        }
        catch (KernelException refused)
        {
            _router.Log.SessionLost(LogName, refused.Message);
            HangUp();
            return;
        }

        WatchIdle();
        if (Lane.IsStopping)
            HangUp();
    }
}
