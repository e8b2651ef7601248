using System.Globalization;
using Forkpty.Protocol;
using Forkpty.Sessions;

namespace Forkpty.Named;

/// <summary>
/// A session that the session protocol has opened: what it is called, and its life from the start of its program to its end. What it runs on, a terminal or pipes, and who hears it is
/// for <see cref="NamedSession"/> and <see cref="PipedSession"/>.
/// </summary>
/// <remarks>This file reads from the start to the end; what a kind of session must have for it stands last but one, the close last.</remarks>
internal abstract partial class OpenedSession : ISession, IStarter, IProgramOwner, IDrained
{
    /// <summary>Characters of a command that are told to others.</summary>
    private const int MostOfCommandLine = 1024;

    private readonly DateTimeOffset _since = DateTimeOffset.UtcNow;
    private readonly string _program = "";
    private readonly bool _isInside; // of a target
    private long _started;
    private Enclosure? _enclosure; // until the program has it
    private bool _isKilled; // by KILL: what does not end is ended
    private volatile bool _startWanted = true;

    /// <param name="router">The router.</param>
    /// <param name="lane">Where it begins.</param>
    /// <param name="id">Its number.</param>
    /// <param name="request">What the client wants.</param>
    /// <param name="onDisconnect">What becomes of it without its clients.</param>
    /// <param name="words">Program and arguments, as far as they are known.</param>
    protected OpenedSession(Router router, Lane lane, int id, OpenRequest request, OnDisconnect onDisconnect, IReadOnlyList<string> words)
    {
        Router = router;
        _lane = lane;
        Id = id;
        Name = request.Session ?? $"{id}";
        OnDisconnect = onDisconnect;
        _isInside = request.Target is not null;
        _program = words.Count > 0 ? words[0] : "the shell";
        CommandLine = Shorten(request.Target is not { } target ? words : words.Count == 0 ? [target] : [$"{target}:", .. words]);
    }

    public int Id { get; }

    public string Name { get; }

    /// <summary>What the log calls it.</summary>
    protected string LogName => Id.ToString(CultureInfo.InvariantCulture) is var id && Name == id ? id : $"{id} ({Name})";

    public string CommandLine { get; }

    public OnDisconnect OnDisconnect { get; }

    public bool IsStartWanted => _startWanted;

    public long LastTraffic { get; protected set; }

    public long Offset { get; protected set; }

    public abstract bool IsHeld { get; }

    protected Router Router { get; }

    protected SessionState State { get; private set; } = SessionState.Starting;

    /// <summary>Null: it has not started.</summary>
    protected SessionProgram? Program { get; private set; }

    /// <summary>Null: its program has not ended, or others are listened to as long as they hold its streams.</summary>
    protected Drain? Drain { get; private set; }

    /// <summary>A command as a person would write it, its beginning at least.</summary>
    private static string Shorten(IReadOnlyList<string> words)
    {
        string line = string.Join(' ', words);
        return line.Length <= MostOfCommandLine ? line : line[..(MostOfCommandLine - (char.IsHighSurrogate(line[MostOfCommandLine - 1]) ? 1 : 0))];
    }

    /// <summary>What is known of it. Read by others than its lane too: a number may be a moment old.</summary>
    public virtual SessionInfo Describe() => new()
    {
        Session = Name,
        Id = Id,
        Pid = Program?.Pid ?? 0,
        Command = CommandLine,
        Started = _since.ToUnixTimeSeconds(),
        OnDisconnect = OnDisconnect,
        Idle = Math.Max(0, Environment.TickCount64 - LastTraffic) / 1000,
    };

    public abstract void Join(Peer peer, OpenRequest request);

    public abstract void DetachAll();

    /// <summary>Ends it, or sends the program a signal; from any thread.</summary>
    public void Kill(int? signal) => OnOwnLane(() =>
    {
        if (signal is { } number)
        {
            Signal(number);
            return;
        }

        _isKilled = true;
        Program?.KillLater();
        End(SessionEnd.HungUp);
    });

    /// <summary>The router stops.</summary>
    public void HangUp()
    {
        if (Program is { IsToBeKilled: true })
            Program.Kill(); // nobody will be there to do it later
        EndOrKill(SessionEnd.Stopping);
    }

    /// <summary>On its lane, where its program is about to be started.</summary>
    protected void Begin()
    {
        _started = LastTraffic = Lane.Loop.Now;
        Lane.Counters.Accepted++;
        Lane.Sessions.Add(this);
    }

    public void OnBorn(Leader leader)
    {
        if (OnDisconnect.Action == DisconnectAction.Kill)
            _enclosure = Enclosure.Around(Router.Killer, Id, leader, _isInside);
    }

    /// <summary>The program has started. The session may be over meanwhile, or the router about to stop.</summary>
    /// <returns>Whether it goes on.</returns>
    /// <exception cref="KernelException">The program cannot be watched; <see cref="FailToRun"/> is next.</exception>
    protected bool TryRun(Leader leader)
    {
        Program = new SessionProgram(this, Router, leader, _enclosure);
        Program.Watch();
        if (State == SessionState.HungUp || Lane.IsStopping)
        {
            if (_isKilled && Lane.IsStopping)
                Program.Kill();
            else if (_isKilled)
                Program.KillLater();
            EndOrKill(SessionEnd.Stopping);
            return false;
        }

        State = SessionState.Running;
        return true;
    }

    /// <summary>There is no watch left for the program: the clients are told, and it is hung up.</summary>
    protected void FailToRun(KernelException refused)
    {
        RefuseAll(Refusals.Sentence(refused, _program));
        State = SessionState.Running; // it is not being started any more
        End(SessionEnd.HungUp);
    }

    public void OnStartFailed(IOException refused)
    {
        Router.OnRefused(Id, refused.InnerException is { } cause ? $"{refused.Message} ({cause.Message})" : refused.Message);
        RefuseAll(Refusals.Sentence(refused, _program));
        Close();
    }

    public void OnStartCancelled() => Close();

    /// <summary>Ends the session from this side: clients are told why, the program is hung up.</summary>
    protected void End(string reason)
    {
        if (State == SessionState.Closed) return;
        bool isStarting = State == SessionState.Starting || (State == SessionState.HungUp && Program is null);
        State = SessionState.HungUp;
        _startWanted = false;
        StopTimers();
        if (Program is { IsBeingKilled: true })
            UnwatchStreams();
        else
            ReleaseStreams();
        DismissAll(new SessionEnd { Reason = reason });
        Router.Directory.Remove(this, $"the session {Name} was ended");
        if (!isStarting)
            CloseUnlessItRuns();
    }

    /// <summary>As <see cref="End"/>; nothing of the session lives on where it is such a one.</summary>
    protected void EndOrKill(string reason)
    {
        if (OnDisconnect.Action == DisconnectAction.Kill)
            Program?.Kill(OnTreeKilled); // else it is only just being started, and that is done when it has
        End(reason);
    }

    private void OnTreeKilled()
    {
        ReleaseStreams();
        CloseUnlessItRuns();
    }

    public void OnProgramEnded()
    {
        if (State == SessionState.HungUp)
        {
            Close();
            return;
        }

        State = SessionState.Draining;
        ReadRest();
        WatchDrain();
    }

    /// <summary>All output has been read: every client gets what it has not had, and how the program ended.</summary>
    public void Finish()
    {
        StopTimers();
        ReleaseStreams();
        ExitStatus status = Program!.Status;
        DismissAll(new SessionEnd { Code = status.Code, Signal = status.Signal, CoreDumped = status.CoreDumped });
        Close();
    }

    public abstract void ReadRest();

    /// <summary>After the program's end another process may hold its streams.</summary>
    protected void WatchDrain()
    {
        if (State == SessionState.Draining)
            Drain = MakeDrain();
    }

    /// <summary>The session is over, or about to move: nothing is waited for.</summary>
    protected virtual void StopTimers()
    {
        Drain?.Stop();
        Drain = null;
    }

    /// <summary>Sends the program, or the group that it has in the foreground, a signal.</summary>
    protected abstract void Signal(int number);

    /// <summary>How long what holds the streams after the program's end is listened to; null: as long as it holds them.</summary>
    protected abstract Drain? MakeDrain();

    /// <summary>Puts the terminal or the pipes on the lane.</summary>
    /// <exception cref="KernelException">The kernel has no watch left, or they were lost.</exception>
    protected abstract void WatchStreams();

    /// <summary>Takes them off it.</summary>
    protected abstract void UnwatchStreams();

    /// <summary>Hangs the program up, where it still runs, and lets go of them; nothing happens where that was done before.</summary>
    protected abstract void ReleaseStreams();

    /// <summary>Makes all clients leave: each gets the output that it has not had, then the end.</summary>
    protected abstract void DismissAll(SessionEnd end);

    /// <summary>What remains of it, where its program has ended by itself, for a driver whose connection broke; null for nothing.</summary>
    protected virtual EndedSession? Remains => null;

    /// <summary>There is no program for the clients that wait for it.</summary>
    protected abstract void RefuseAll(string sentence);

    private void CloseUnlessItRuns()
    {
        if (Program is not { Leader: not null } and not { IsBeingKilled: true })
            Close();
    }

    private void Close()
    {
        if (State == SessionState.Closed) return;
        State = SessionState.Closed;
        StopTimers();
        ReleaseStreams();
        Lane.Sessions.Remove(this);
        Lane.Counters.Ended++;
        ExitStatus status = Program?.Status ?? ExitStatus.Unknown;
        Router.Directory.Remove(this, $"the session {Name} has ended, with {status}", Remains);
        if (Program is not null)
        {
            Router.Log.SessionEnded(LogName, status, Lane.Loop.Now - _started);
            Router.Directory.Publish("exited", this, status);
            Program.Release();
        }

        Router.OnSessionClosed(Lane);
    }
}
