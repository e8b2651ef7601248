using Forkpty.Interop;
using Forkpty.Protocol;
using Forkpty.Upgrade;

namespace Forkpty.Sessions;

/// <content>From one executable of the router to the next.</content>
internal sealed partial class Session
{
    /// <summary>The session that another executable has left; it does nothing before <see cref="Resume"/>.</summary>
    public Session(Router router, Lane lane, StateReader state)
    {
        _router = router;
        _settings = router.Settings;
        Lane = lane;
        Id = state.Int32();
        _state = (SessionState)state.Int32();
        _viewer = Viewer.Resume(this, (WireMode)state.Int32(), state);
        _terminal = state.Terminal();
        _program = state.Flag() ? new SessionProgram(this, router, state) : null;
        _size = state.Size();
        _terminalEnded = state.Flag();
        _hasRun = state.Flag();
        _started = state.Number();
        LastTraffic = state.Number();
        _input = InputQueue.Of(state.Bytes());
        _rowsCame = state.Flag();
        _columnsCame = state.Flag();
        _endOfFile = EndOfFile.After(state.Int32());
        _waitsForOffer = state.Flag();
        _startWanted = _state != SessionState.HungUp;
    }

    /// <summary>Nothing is left of a session that was hung up before it had a program.</summary>
    public Resident Kind => _state == SessionState.HungUp && _program?.Leader is null ? Resident.None : Resident.Session;

    /// <summary>In the order of the constructor that reads it.</summary>
    public void Save(StateWriter state)
    {
        state.Number(Id);
        state.Number((int)_state);
        state.Number((int)_viewer.Mode);
        _viewer.Save(state);
        state.Descriptor(_terminal?.Master);
        state.Flag(_program is not null);
        _program?.Save(state);
        state.Size(_size);
        state.Flag(_terminalEnded);
        state.Flag(_hasRun);
        state.Number(_started);
        state.Number(LastTraffic);
        state.Bytes(_input.Bytes);
        state.Flag(_rowsCame);
        state.Flag(_columnsCame);
        state.Number(_endOfFile.Wait);
        state.Flag(_waitsForOffer);
    }

    /// <summary>Goes on where the session stood. On its lane.</summary>
    public void Resume()
    {
        Lane.Sessions.Add(this);
        _flood.Reset(Lane.Loop.Now);
        try
        {
            if (_state == SessionState.Running && _terminal is null)
                throw new KernelException("ioctl(TIOCGPTN)", "the session's terminal", (int)Errno.EBADF);
            _program?.Resume();
            if (_terminal is not null)
                WatchTerminal();
            if (!_viewer.IsClosed)
                _viewer.Attach();
        }
        catch (KernelException refused)
        {
            _router.Log.SessionLost(LogName, refused.Message);
            HangUp();
            return;
        }

        switch (_state)
        {
            case SessionState.Waiting:
                SetTimer(Purpose.FirstPacket, _waitsForOffer ? OfferWait : FirstPacketWait);
                break;
            case SessionState.Running:
                WatchIdle();
                GoOn();
                break;
            case SessionState.Draining:
                GoOn();
                WatchDrain();
                break;
            case SessionState.Flushing:
                CloseWhenFlushed();
                break;
        }
    }

    private void GoOn()
    {
        if (_rowsCame || _columnsCame)
            SetTimer(Purpose.WindowHalf, WindowHalfWait);
        if (_viewer.InputEnded)
            OnInputEnded(_viewer); // says so, or lets the terminal's readiness flush what comes before
        else
            FlushInput();
    }
}
