using Forkpty.Interop;
using Forkpty.Named;
using Forkpty.Reactor;
using Forkpty.Upgrade;

namespace Forkpty.Sessions;

/// <summary>
/// The program of a session: watched on its owner's lane, reaped when it ends, and, where that is wanted, ended with everything that it has started.
/// </summary>
/// <remarks>
/// KILL leaves it 2 seconds after the hang-up. The session may be over by then, with the program itself, but not with what that has started: so it stays on the lane until it has been killed.
/// </remarks>
internal sealed class SessionProgram : IEventSource, ITimerTarget, ILaneResident
{
    private enum Purpose
    {
        Kill,
        Reap,
    }

    /// <summary>Milliseconds between the hang-up that KILL asks for and SIGKILL.</summary>
    private const int KillWait = 2_000;

    private readonly Router _router;
    private readonly Leader? _leader; // null: it was lost, in an upgrade
    private IProgramOwner? _owner; // null: the session is over
    private Lane? _lane;
    private Enclosure? _enclosure;
    private LoopTimer? _kill;
    private LoopTimer? _reap;
    private long _killAt; // 0: never
    private int _exitSlot = -1;
    private bool _hasEnded;

    /// <param name="owner">Whose it is.</param>
    /// <param name="router">The router.</param>
    /// <param name="leader">The program; this one's from now on.</param>
    /// <param name="enclosure">What it starts is to end with it.</param>
    public SessionProgram(IProgramOwner owner, Router router, Leader leader, Enclosure? enclosure = null)
    {
        _owner = owner;
        _router = router;
        _leader = leader;
        _enclosure = enclosure;
        Pid = leader.Pid;
    }

    /// <summary>The program that another executable has left. It is not watched yet.</summary>
    /// <param name="owner">Whose it is; null where its session was over.</param>
    /// <param name="router">The router.</param>
    /// <param name="state">Where it was saved.</param>
    public SessionProgram(IProgramOwner? owner, Router router, StateReader state)
    {
        _owner = owner;
        _router = router;
        _lane = owner is null ? router.InteractiveLane : null;
        Pid = state.Int32();
        _hasEnded = state.Flag();
        _leader = _hasEnded ? state.ReapedLeader() : state.Leader();
        Status = state.Status();
        _enclosure = Enclosure.Resume(router.Killer, _leader, state);
        _killAt = state.Number();
    }

    public int Pid { get; }

    /// <summary>The program, while it has not ended; null afterwards.</summary>
    public Leader? Leader => _hasEnded ? null : _leader;

    /// <summary>How it has ended.</summary>
    public ExitStatus Status { get; private set; }

    /// <summary>Whether <see cref="KillLater"/> was asked for, and its time has not come.</summary>
    public bool IsToBeKilled => _killAt > 0;

    /// <summary>Whether <see cref="Kill"/> goes on.</summary>
    public bool IsBeingKilled => _enclosure is { IsBusy: true };

    public Resident Kind => Resident.Program;

    private Lane Lane => _lane ?? _owner!.Lane;

    /// <summary>Has its owner told of its end, on the lane where that lives now.</summary>
    /// <exception cref="KernelException">The kernel has no watch left: the program was ended and reaped, for a child that nobody watches would stay as a zombie.</exception>
    public void Watch()
    {
        if (Leader is not { } leader) return;
        try
        {
            _exitSlot = Lane.Loop.Add(leader.Pidfd.Value, Libc.EPOLLIN, this, role: 0);
        }
        catch (KernelException)
        {
            Abandon();
            throw;
        }
    }

    /// <summary>Ends and reaps it, where its owner can do nothing with it.</summary>
    public void Abandon()
    {
        if (Leader is not { } leader) return;
        Unwatch();
        leader.Abandon();
        _hasEnded = true;
    }

    /// <summary>Before a move to another lane.</summary>
    public void Unwatch()
    {
        _reap?.Cancel();
        Lane.Loop.Remove(ref _exitSlot);
    }

    /// <summary>Ends it with everything that it has started, in 2 seconds; by then a hang-up may have ended most of that.</summary>
    public void KillLater()
    {
        if (_leader is null || _killAt > 0 || IsBeingKilled) return;
        _killAt = Lane.Loop.Now + KillWait;
        WatchKill();
    }

    /// <summary>Ends it at once with everything that it has started. The terminal is best hung up after that: a hang-up would end parents first, and their children would be lost sight of.</summary>
    /// <param name="then">What is done then; the end of the program itself, where it was not reaped before, is told after that.</param>
    public void Kill(Action? then = null)
    {
        if (_leader is not { Pidfd.IsClosed: false } leader || IsBeingKilled) return;
        _kill?.Cancel();
        _killAt = 0;
        Unwatch(); // not reaped meanwhile: that keeps its number
        _enclosure ??= Enclosure.Of(_router.Killer, leader);
        _enclosure.Kill(Lane.Loop, () => OnKilled(then));
    }

    /// <summary>Its session is over. What is to be killed still is.</summary>
    public void Release()
    {
        if (_killAt > 0 && _leader is { Pidfd.IsClosed: false })
        {
            _lane = Lane;
            _owner = null;
            _lane.Sessions.Add(this);
            return;
        }

        Unwatch();
        _kill?.Cancel();
        _enclosure?.Release();
        _leader?.Dispose();
    }

    /// <summary>In the order of the constructor that reads it.</summary>
    public void Save(StateWriter state)
    {
        state.Number(Pid);
        state.Flag(_hasEnded);
        if (_hasEnded)
            state.ReapedLeader(_leader);
        else
            state.Leader(_leader);
        state.Status(Status);
        Enclosure.Save(_enclosure, state);
        state.Number(_killAt);
    }

    /// <summary>Goes on where it stood: with its owner, or, where its session was over, by itself.</summary>
    /// <exception cref="KernelException">As <see cref="Watch"/>, or the program was lost.</exception>
    public void Resume()
    {
        if (_leader is null)
            throw new KernelException("waitid", $"process {Pid}", (int)Errno.ECHILD);
        if (_owner is null)
            Lane.Sessions.Add(this);
        Watch();
        if (_killAt > 0)
            WatchKill();
    }

    /// <summary>The router stops, with this on a lane where its session is over.</summary>
    public void HangUp() => Kill();

    void IEventSource.OnEvents(int role, uint events)
    {
        if (_leader!.TryReap() is not { } status)
        {
            Lane.Loop.Modify(_exitSlot, 0); // it stays readable, and would keep the loop awake
            _reap = Lane.Loop.Schedule(Leader.TracedWait, this, (int)Purpose.Reap);
            return;
        }

        Status = status;
        _hasEnded = true;
        Unwatch();
        if (!IsToBeKilled) _enclosure?.LetGo(); // before anybody hears of the end
        _owner!.OnProgramEnded();
    }

    void ITimerTarget.OnTimer(int purpose)
    {
        if ((Purpose)purpose == Purpose.Kill)
            Kill();
        else
            Lane.Loop.Modify(_exitSlot, Libc.EPOLLIN);
    }

    private void WatchKill() => _kill = Lane.Loop.Schedule((int)Math.Max(0, _killAt - Environment.TickCount64), this, (int)Purpose.Kill);

    private void OnKilled(Action? then)
    {
        if (_owner is null)
        {
            Lane lane = Lane;
            lane.Sessions.Remove(this);
            Release();
            _router.OnSessionClosed(lane);
            return;
        }

        then?.Invoke();
        if (_hasEnded) return;
        try
        {
            Watch();
        }
        catch (KernelException)
        {
            _owner.OnProgramEnded(); // it was abandoned, and so reaped
        }
    }
}
