using Forkpty.Interop;
using Forkpty.Protocol;
using Forkpty.Reactor;
using Forkpty.Sessions;

namespace Forkpty.Named;

/// <summary>
/// A program without a terminal, and the one client it belongs to: standard output and standard error come apart, and every byte passes as it is. Lives on one lane for its whole life.
/// </summary>
internal sealed partial class PipedSession : ISession, IPeerHost, IStarter, IEventSource, ITimerTarget
{
    /// <inheritdoc cref="NamedSession"/>
    private const int KillAfter = 2_000;

    private const int Drain = 0;
    private const int KillPurpose = 1;

    private const int Exit = 0;
    private const int Input0 = 1;
    private const int Output1 = 2;
    private const int Errors2 = 3;

    private readonly Router _router;
    private readonly string _commandLine;
    private readonly DateTimeOffset _since = DateTimeOffset.UtcNow;
    private readonly int[] _slots = [-1, -1, -1, -1];
    private readonly bool _killsTree;
    private Peer? _peer;
    private PipedProgram? _program;
    private Enclosure? _enclosure;
    private ByteQueue _input;
    private bool _inputEnded;
    private bool _inputIsUnread;
    private bool _isReaped;
    private volatile bool _startWanted = true;
    private ExitStatus _status;
    private bool _isClosed;
    private bool _isKilled; // by KILL: what does not end is ended
    private long _lastTraffic;
    private long _started;
    private long _offset;
    private int _pid;

    public PipedSession(Router router, Lane lane, int id, OpenRequest request, PtyCommand command)
    {
        _router = router;
        Lane = lane;
        Id = id;
        Name = request.Session ?? $"{id}";
        _killsTree = request.OnDisconnect?.Action == DisconnectAction.Kill;
        _commandLine = NamedSession.Shorten([command.FileName, .. command.Arguments]);
    }

    public Lane Lane { get; }

    public bool IsHere => Lane.Loop.IsCurrent;

    public int Id { get; }

    public string Name { get; }

    public bool IsStartWanted => _startWanted;

    public int InputRoom => _isClosed ? 0 : _input.Room;

    public OnDisconnect OnDisconnect => _killsTree ? OnDisconnect.Kill : OnDisconnect.HangUp;

    /// <summary>Has the program started, for the client that asked for it; from any thread.</summary>
    public void Open(Peer peer, SpawnPlan plan) => OnLane(() =>
    {
        _started = _lastTraffic = Lane.Loop.Now;
        Lane.Counters.Accepted++;
        Lane.Sessions.Add(this);
        _peer = peer;
        peer.Enter(this, isViewer: false, new Attachment(token: null));
        _router.Spawner.Start(plan, this);
        _router.Spawner.Retire(plan);
        if (!peer.TryAttach())
            peer.HangUp();
    });

    public SessionInfo Describe() => new()
    {
        Session = Name,
        Id = Id,
        Pid = _pid,
        Command = _commandLine,
        Started = _since.ToUnixTimeSeconds(),
        Clients = _peer is null ? 0 : 1,
        OnDisconnect = OnDisconnect,
        Terminal = false,
        Idle = Math.Max(0, Environment.TickCount64 - _lastTraffic) / 1000,
    };

    public void OnStarted(PipedProgram program)
    {
        _program = program;
        _pid = program.Leader.Pid;
        if (_killsTree)
            _enclosure = new Enclosure(_router.Killer, Id, program.Leader);
        try
        {
            Watch(Exit, program.Leader.Pidfd, Libc.EPOLLIN);
            if (!_startWanted || Lane.IsStopping)
            {
                HangUp();
                if (_isKilled && !_isClosed)
                    Lane.Loop.Schedule(KillAfter, this, KillPurpose);
                return;
            }

            Watch(Input0, program.Input, 0);
            Watch(Output1, program.Output, Libc.EPOLLIN);
            Watch(Errors2, program.Errors, Libc.EPOLLIN);
        }
        catch (KernelException refused)
        {
            Unwatch();
            program.Leader.Abandon();
            OnStartFailed(refused);
            return;
        }

        _router.Log.SessionWithoutTerminal(Id, _pid);
        _router.Directory.Publish("started", this);
        _peer?.Confirm(new Opened { Session = Name, Id = Id, Pid = _pid, OnDisconnect = OnDisconnect, Input = _peer.Attachment.Input }, []);
        FlushInput();
    }

    public void OnStartFailed(IOException refused)
    {
        _router.OnRefused(Id, refused.Message);
        Peer? peer = _peer;
        _peer = null;
        peer?.Refuse("cannot-start", Refusals.Sentence(refused, _commandLine.Split(' ')[0]));
        Close();
    }

    public void OnStartCancelled() => Close();

    public void Join(Peer peer, OpenRequest request) => OnLane(() =>
    {
        peer.ArriveInVain(Lane);
        peer.Refuse("not-kept", $"the session {Name} has no terminal, so nobody can come to it");
    });

    public void Kill(int? signal) => OnLane(() =>
    {
        if (signal is { } number)
        {
            SignalGroup(number);
            return;
        }

        _isKilled = true;
        HangUp(SessionEnd.HungUp);
        if (_program is not null && !_isClosed)
            Lane.Loop.Schedule(KillAfter, this, KillPurpose);
    });

    public void DetachAll() => Kill(signal: null);

    /// <summary>The router stops.</summary>
    public void HangUp() => HangUp(SessionEnd.Stopping);

    public void Input(Peer peer, ReadOnlySpan<byte> bytes)
    {
        _lastTraffic = Lane.Loop.Now;
        if (_inputEnded || _inputIsUnread) return;
        _input.Append(bytes, Lane.Loop.Buffers);
        FlushInput();
    }

    public void EndInput(Peer peer)
    {
        _inputEnded = true;
        FlushInput();
    }

    public void Signal(Peer peer, int number) => SignalGroup(number);

    public void Resize(Peer peer)
    {
    }

    public void Redraw(Peer peer)
    {
    }

    public void Detach(Peer peer) => peer.Send(
        SessionPacketType.Notice, new Notice("not-kept", $"the session {Name} has no terminal to come back to, and would end").ToPayload());

    public void OnPeerCaughtUp(Peer peer)
    {
        _lastTraffic = Lane.Loop.Now;
        UpdateOutput();
    }

    /// <summary>The client is gone: so is the program, as far as a hang-up ends it.</summary>
    public void Forget(Peer peer, bool isLost)
    {
        if (_peer != peer) return;
        _peer = null;
        HangUp(SessionEnd.HungUp);
    }

    void IEventSource.OnEvents(int role, uint events)
    {
        switch (role)
        {
            case Exit: OnLeaderExited(); break;
            case Input0: OnInputPipe(events); break;
            default: Read(role); break;
        }
    }

    void ITimerTarget.OnTimer(int purpose)
    {
        if (_isClosed) return;
        if (purpose == KillPurpose)
            KillTree();
        else
            OnDrainQuiet();
    }

    /// <summary>The leader has ended, and another process holds the pipes.</summary>
    private void OnDrainQuiet()
    {
        long rest = _lastTraffic + Session.DrainQuiet - Lane.Loop.Now;
        if (rest <= 0 && _peer is not { Behind: > 0 })
            Finish();
        else
            Lane.Loop.Schedule((int)Math.Max(rest, Session.DrainQuiet / 4), this, Drain);
    }

    private void HangUp(string reason)
    {
        if (_isClosed) return;
        _startWanted = false;
        Peer? peer = _peer;
        _peer = null;
        peer?.Leave(SessionPacketType.Exit, new SessionEnd { Reason = reason }.ToPayload());
        _router.Directory.Remove(this, $"the session {Name} was ended");
        if (_program is not { } program) return; // it is only just being started
        for (int role = Input0; role <= Errors2; role++)
            Lane.Loop.Remove(ref _slots[role]);
        if (_enclosure is null)
            SignalGroup(Libc.SIGHUP);
        program.Input.Dispose();
        program.Output.Dispose();
        program.Errors.Dispose();
        if (_isReaped)
            Close();
        else if (_killsTree)
            KillTree();
    }

    private void KillTree()
    {
        if (_isReaped || _enclosure is { IsBusy: true }) return;
        Lane.Loop.Remove(ref _slots[Exit]); // not reaped meanwhile
        _enclosure ??= new Enclosure(_router.Killer, Id, _program!.Leader);
        _enclosure.Kill(Lane.Loop, OnTreeKilled);
    }

    private void OnTreeKilled()
    {
        try
        {
            Watch(Exit, _program!.Leader.Pidfd, Libc.EPOLLIN);
        }
        catch (KernelException)
        {
            _program!.Leader.Abandon(); // it has ended, or is about to
            Close();
        }
    }

    private void OnLeaderExited()
    {
        if (_program!.Leader.TryReap() is not { } status) return;
        _status = status;
        _isReaped = true;
        Lane.Loop.Remove(ref _slots[Exit]);
        if (!_startWanted)
            Close();
        else if (_slots[Output1] < 0 && _slots[Errors2] < 0)
            Finish();
        else
            Lane.Loop.Schedule(Session.DrainQuiet, this, Drain);
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
        nint count = Libc.read((role == Output1 ? _program!.Output : _program!.Errors).Value, packet[UwsgiHeader.Length..]);
        if (count > 0)
        {
            _lastTraffic = Lane.Loop.Now;
            _offset += role == Output1 ? count : 0;
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
            if (_isReaped && _slots[Output1] < 0 && _slots[Errors2] < 0)
                Finish();
        }
    }

    private void OnInputPipe(uint events)
    {
        if ((events & Libc.EPOLLERR) != 0)
        {
            _inputIsUnread = true; // every reader has closed it: that lasts, and would wake the loop for ever
            _input.Clear(Lane.Loop.Buffers);
        }

        FlushInput();
    }

    private void FlushInput()
    {
        if (_program is null || _slots[Input0] < 0) return;
        while (!_input.IsEmpty)
        {
            nint written = Libc.write(_program.Input.Value, _input.Bytes);
            if (written == -(nint)Errno.EAGAIN) break;
            if (written < 0)
            {
                _inputIsUnread = true; // EPIPE: nobody reads any more; what comes goes nowhere, as in a shell's pipe
                _input.Clear(Lane.Loop.Buffers);
                break;
            }

            _input.Consume((int)written, Lane.Loop.Buffers);
        }

        if (_input.IsEmpty && (_inputEnded || _inputIsUnread))
        {
            Lane.Loop.Remove(ref _slots[Input0]);
            _program.Input.Dispose();
        }
        else
            Lane.Loop.Modify(_slots[Input0], _input.IsEmpty ? 0 : Libc.EPOLLOUT);
        _peer?.UpdateInterest();
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

    private void Finish()
    {
        Peer? peer = _peer;
        _peer = null;
        peer?.Leave(SessionPacketType.Exit, new SessionEnd { Code = _status.Code, Signal = _status.Signal, CoreDumped = _status.CoreDumped }.ToPayload());
        Close();
    }

    private void Close()
    {
        if (_isClosed) return;
        _isClosed = true;
        Unwatch();
        _input.Clear(Lane.Loop.Buffers);
        _program?.Dispose();
        _enclosure?.Release();
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

    /// <summary>A program without a terminal has no foreground group: its own group gets the signal.</summary>
    private void SignalGroup(int number)
    {
        if (_program is { } program && !_isReaped && number is > 0 and <= Libc.SIGRTMAX)
            _ = Libc.kill(-program.Leader.Pid, number); // not reaped: the number is its own, and setsid(2) has made it a group
    }

    private void Watch(int role, SafeFd descriptor, uint events) => _slots[role] = Lane.Loop.Add(descriptor.Value, events, this, role);

    private void Unwatch()
    {
        for (int role = Exit; role <= Errors2; role++)
            Lane.Loop.Remove(ref _slots[role]);
    }

    private void OnLane(Action what)
    {
        if (Lane.Loop.IsCurrent)
            what();
        else
            Lane.Loop.Post(static what => ((Action)what!)(), what);
    }
}
