using Forkpty.Interop;
using Forkpty.Sessions;
using Forkpty.Upgrade;

namespace Forkpty.Named;

/// <content>From one executable of the router to the next.</content>
internal sealed partial class PipedSession
{
    /// <summary>The session that another executable has left; it does nothing before <see cref="Resume"/>.</summary>
    public PipedSession(Router router, Lane lane, StateReader state)
    {
        _router = router;
        Lane = lane;
        Id = state.Int32();
        Name = state.Text()!;
        _commandLine = state.Text()!;
        _killsTree = state.Flag();
        _since = new DateTimeOffset(state.Number(), TimeSpan.Zero);
        _started = state.Number();
        _pid = state.Int32();
        _isReaped = state.Flag();
        _isKilled = state.Flag();
        Leader? leader = _isReaped ? state.ReapedLeader() : state.Leader();
        SafeFd input = state.Descriptor();
        SafeFd output = state.Descriptor();
        SafeFd errors = state.Descriptor();
        _program = leader is null ? null : new PipedProgram(leader, input, output, errors);
        _status = state.Status();
        _lastTraffic = state.Number();
        _input = ByteQueue.Of(state.Bytes());
        _inputEnded = state.Flag();
        _inputIsUnread = state.Flag();
        _offset = state.Number();
        _enclosure = Enclosure.Resume(router.Killer, leader, state);
        _startWanted = state.Flag();
        _peer = state.Flag() ? Peer.Resume(router, state, []) : null;
    }

    /// <summary>Nothing is left of a session that was ended before it had a program; one whose program was reaped is about to close.</summary>
    public Resident Kind => _program is null ? Resident.None : Resident.PipedSession;

    /// <summary>In the order of the constructor that reads it.</summary>
    public void Save(StateWriter state)
    {
        state.Number(Id);
        state.Text(Name);
        state.Text(_commandLine);
        state.Flag(_killsTree);
        state.Number(_since.UtcTicks);
        state.Number(_started);
        state.Number(_pid);
        state.Flag(_isReaped);
        state.Flag(_isKilled);
        if (_isReaped)
            state.ReapedLeader(_program!.Leader);
        else
            state.Leader(_program!.Leader);
        state.Descriptor(_program.Input);
        state.Descriptor(_program.Output);
        state.Descriptor(_program.Errors);
        state.Status(_status);
        state.Number(_lastTraffic);
        state.Bytes(_input.Bytes);
        state.Flag(_inputEnded);
        state.Flag(_inputIsUnread);
        state.Number(_offset);
        Enclosure.Save(_enclosure, state);
        state.Flag(_startWanted);
        state.Flag(_peer is not null);
        _peer?.Save(state, attachment: -1);
    }

    /// <summary>Goes on where the session stood; from any thread.</summary>
    public void Resume() => OnLane(() =>
    {
        Lane.Sessions.Add(this);
        if (_program is not { } program)
        {
            HangUp();
            Close();
            return;
        }

        try
        {
            if (!_isReaped)
                Watch(Exit, program.Leader.Pidfd, Libc.EPOLLIN);
            if (!program.Input.IsClosed)
                Watch(Input0, program.Input, 0);
            if (!program.Output.IsClosed)
                Watch(Output1, program.Output, Libc.EPOLLIN);
            if (!program.Errors.IsClosed)
                Watch(Errors2, program.Errors, Libc.EPOLLIN);
        }
        catch (KernelException refused)
        {
            _router.Log.SessionLost(Id, refused.Message);
            HangUp();
            return;
        }

        _peer?.Resume(this);
        if (_isReaped)
            Lane.Loop.Schedule(Session.DrainQuiet, this, Drain);
        else if (_isKilled)
            Lane.Loop.Schedule(KillAfter, this, KillPurpose);
        FlushInput();
    });
}
