using Forkpty.Interop;
using Forkpty.Protocol;
using Forkpty.Reactor;
using Forkpty.Sessions;
using Forkpty.Upgrade;

namespace Forkpty.Named;

/// <summary>
/// A program without a terminal, and the one client it belongs to: standard output and standard error come apart, and every byte passes as it is. Lives on one lane for its whole life.
/// </summary>
/// <remarks>Its life is in <see cref="OpenedSession"/>.</remarks>
internal sealed class PipedSession : OpenedSession, IPeerHost, IEventSource
{
    private const int Input0 = 0;
    private const int Output1 = 1;
    private const int Errors2 = 2;

    private readonly int[] _slots = [-1, -1, -1];
    private SafeFd[]? _pipes; // ours of the program's standard input, output and error
    private Peer? _peer;
    private ByteQueue _input;
    private bool _inputEnded;
    private bool _inputIsUnread;

    public PipedSession(Router router, Lane lane, int id, OpenRequest request, PtyCommand command)
        : base(router, lane, id, request, request.OnDisconnect?.Action == DisconnectAction.Kill ? OnDisconnect.Kill : OnDisconnect.HangUp, [command.FileName, .. command.Arguments])
    {
    }

    /// <summary>The session that another executable has left; it does nothing before <see cref="Resume"/>.</summary>
    public PipedSession(Router router, Lane lane, StateReader state)
        : base(router, lane, state)
    {
        _pipes = [state.Descriptor(), state.Descriptor(), state.Descriptor()];
        _input = ByteQueue.Of(state.Bytes());
        _inputEnded = state.Flag();
        _inputIsUnread = state.Flag();
        _peer = state.Flag() ? Peer.Resume(router, state, []) : null;
    }

    public int InputRoom => State is SessionState.HungUp or SessionState.Closed ? 0 : _input.Room;

    public override bool IsHeld => _peer is { Behind: > 0 };

    protected override Resident ResidentKind => Resident.PipedSession;

    private bool HasOutput => _slots[Output1] >= 0 || _slots[Errors2] >= 0;

    /// <summary>Has the program started, for the client that asked for it; from any thread.</summary>
    public void Open(Peer peer, SpawnPlan plan) => OnOwnLane(() =>
    {
        Begin();
        _peer = peer;
        peer.Enter(this, isViewer: false, new Attachment(token: null));
        Router.Spawner.Start(plan, this);
        plan.Dispose();
        if (!peer.TryAttach())
            peer.HangUp();
    });

    public override SessionInfo Describe() => base.Describe() with { Clients = _peer is null ? 0 : 1, Terminal = false };

    public void OnStarted(PipedProgram program)
    {
        _pipes = [program.Input, program.Output, program.Errors];
        try
        {
            if (!TryRun(program.Leader)) return;
            WatchStreams();
        }
        catch (KernelException refused)
        {
            FailToRun(refused);
            return;
        }

        Router.Log.SessionWithoutTerminal(LogName, program.Leader.Pid);
        Router.Directory.Publish("started", this);
        _peer?.Confirm(new Opened { Session = Name, Id = Id, Pid = program.Leader.Pid, OnDisconnect = OnDisconnect, Input = _peer.Attachment.Input }, []);
        FlushInput();
    }

    public override void Join(Peer peer, OpenRequest request) => OnOwnLane(() =>
    {
        peer.ArriveInVain(Lane);
        peer.Refuse("not-kept", $"the session {Name} has no terminal, so nobody can come to it");
    });

    public override void DetachAll() => Kill(signal: null);

    public void Input(Peer peer, ReadOnlySpan<byte> bytes)
    {
        LastTraffic = Lane.Loop.Now;
        if (_inputEnded || _inputIsUnread) return;
        _input.Append(bytes, Lane.Loop.Buffers);
        FlushInput();
    }

    public void EndInput(Peer peer)
    {
        _inputEnded = true;
        FlushInput();
    }

    public void Signal(Peer peer, int number) => Signal(number);

    public void Resize(Peer peer)
    {
    }

    public bool TryRedraw(Peer peer) => true;

    public void Detach(Peer peer) => peer.Send(
        SessionPacketType.Notice, new Notice("not-kept", $"the session {Name} has no terminal to come back to, and would end").ToPayload());

    public void OnPeerCaughtUp(Peer peer)
    {
        LastTraffic = Lane.Loop.Now;
        UpdateOutput();
    }

    /// <summary>The client is gone: so is the program, as far as a hang-up ends it.</summary>
    public void Forget(Peer peer, bool isLost)
    {
        if (_peer != peer) return;
        _peer = null;
        EndOrKill(SessionEnd.HungUp);
    }

    void IEventSource.OnEvents(int role, uint events)
    {
        if (role == Input0)
            OnInputPipe(events);
        else
            Read(role);
    }

    /// <summary>Goes on where the session stood; from any thread.</summary>
    public void Resume() => OnOwnLane(() =>
    {
        if (!TryGoOn()) return;
        _peer?.Resume(this);
        if (State == SessionState.HungUp) return;
        WatchDrain();
        FlushInput();
    });

    public override void Save(StateWriter state)
    {
        base.Save(state);
        for (int role = Input0; role <= Errors2; role++)
            state.Descriptor(_pipes?[role]);
        state.Bytes(_input.Bytes);
        state.Flag(_inputEnded);
        state.Flag(_inputIsUnread);
        state.Flag(_peer is not null);
        _peer?.Save(state, attachment: -1);
    }

    public override void ReadRest()
    {
        if (!HasOutput)
            Finish();
    }

    protected override Drain? MakeDrain() => new(this, isLimited: false);

    /// <summary>A program without a terminal has no foreground group: its own group gets the signal.</summary>
    protected override void Signal(int number)
    {
        if (Program?.Leader is { } leader && number is > 0 and <= Libc.SIGRTMAX)
            _ = Libc.kill(-leader.Pid, number); // not reaped: the number is its own, and setsid(2) has made it a group
    }

    protected override void WatchStreams()
    {
        for (int role = Input0; role <= Errors2; role++)
        {
            if (!_pipes![role].IsClosed)
                _slots[role] = Lane.Loop.Add(_pipes[role].Value, role == Input0 ? 0 : Libc.EPOLLIN, this, role);
        }
    }

    protected override void UnwatchStreams()
    {
        for (int role = Input0; role <= Errors2; role++)
            Lane.Loop.Remove(ref _slots[role]);
    }

    protected override void ReleaseStreams()
    {
        UnwatchStreams();
        _input.Clear(Lane.Loop.Buffers);
        if (_pipes is null) return;
        Signal(Libc.SIGHUP);
        foreach (SafeFd pipe in _pipes)
            pipe.Dispose();
        _pipes = null;
    }

    protected override void OnArrived()
    {
    }

    protected override void DismissAll(SessionEnd end)
    {
        Peer? peer = _peer;
        _peer = null;
        peer?.Leave(SessionPacketType.Exit, end.ToPayload());
    }

    protected override void RefuseAll(string sentence)
    {
        Peer? peer = _peer;
        _peer = null;
        peer?.Refuse("cannot-start", sentence);
    }

    private void Read(int role)
    {
        if (_slots[role] < 0) return;
        if (_peer is not { Behind: 0 } peer)
        {
            UpdateOutput(); // what waits for the client is an answer to it, and no output
            return;
        }

        Span<byte> packet = Lane.Loop.Buffers.Scratch;
        nint count = Libc.read(_pipes![role].Value, packet[UwsgiHeader.Length..]);
        if (count > 0)
        {
            LastTraffic = Lane.Loop.Now;
            Offset += role == Output1 ? count : 0;
            Lane.Counters.BytesOut += count;
            SessionPacketWriter.WriteHeader(packet, role == Output1 ? SessionPacketType.Data : SessionPacketType.StandardError, (int)count);
            if (!peer.Send(packet[..(UwsgiHeader.Length + (int)count)]))
                peer.HangUp();
            else
                UpdateOutput();
        }
        else if (count != -(nint)Errno.EAGAIN)
        {
            Lane.Loop.Remove(ref _slots[role]);
            _pipes[role].Dispose();
            if (State == SessionState.Draining)
                ReadRest();
        }
    }

    private void OnInputPipe(uint events)
    {
        if ((events & Libc.EPOLLERR) != 0)
            LeaveInputUnread(); // every reader has closed it: that lasts, and would wake the loop for ever
        FlushInput();
    }

    private void FlushInput()
    {
        if (_pipes is null || _slots[Input0] < 0) return;
        while (!_input.IsEmpty)
        {
            nint written = Libc.write(_pipes[Input0].Value, _input.Bytes);
            if (written == -(nint)Errno.EAGAIN) break;
            if (written < 0)
                LeaveInputUnread(); // EPIPE: nobody reads any more; what comes goes nowhere, as in a shell's pipe
            else
                _input.Consume((int)written, Lane.Loop.Buffers);
        }

        if (_input.IsEmpty && (_inputEnded || _inputIsUnread))
        {
            Lane.Loop.Remove(ref _slots[Input0]);
            _pipes[Input0].Dispose();
        }
        else
            Lane.Loop.Modify(_slots[Input0], _input.IsEmpty ? 0 : Libc.EPOLLOUT);
        _peer?.UpdateInterest();
    }

    private void LeaveInputUnread()
    {
        _inputIsUnread = true;
        _input.Clear(Lane.Loop.Buffers);
    }

    // Edge-triggered while it is not read: a hang-up lasts, and would wake the loop for ever.
    private void UpdateOutput()
    {
        uint events = _peer is { Behind: 0 } ? Libc.EPOLLIN : Libc.EPOLLET;
        for (int role = Output1; role <= Errors2; role++)
        {
            if (_slots[role] >= 0)
                Lane.Loop.Modify(_slots[role], events);
        }
    }
}
