using Forkpty.Protocol;
using Forkpty.Sessions;
using Forkpty.Upgrade;

namespace Forkpty.Named;

/// <content>From one executable of the router to the next.</content>
internal abstract partial class OpenedSession
{
    /// <summary>The session that another executable has left.</summary>
    protected OpenedSession(Router router, Lane lane, StateReader state)
    {
        Router = router;
        _lane = lane;
        Id = state.Int32();
        Name = state.Text()!;
        CommandLine = state.Text()!;
        OnDisconnect = OnDisconnect.TryParse(state.Text(), out OnDisconnect onDisconnect) ? onDisconnect : OnDisconnect.HangUp;
        _since = new DateTimeOffset(state.Number(), TimeSpan.Zero);
        _started = state.Number();
        State = (SessionState)state.Int32();
        Program = new SessionProgram(this, router, state);
        LastTraffic = state.Number();
        Offset = state.Number();
        _startWanted = IsToBeFound;
    }

    /// <summary>A session that has outlived a router which was killed.</summary>
    protected OpenedSession(Router router, StoredSession stored)
    {
        Router = router;
        _lane = router.InteractiveLane;
        (Id, Name, CommandLine, OnDisconnect) = (stored.Info.Id, stored.Info.Session, stored.Info.Command, stored.Info.OnDisconnect);
        _since = DateTimeOffset.FromUnixTimeSeconds(stored.Info.Started);
        _started = LastTraffic = Environment.TickCount64;
        State = SessionState.Running;
        Program = new SessionProgram(this, router, stored.Leader);
    }

    /// <summary>Whether one can still come to it by its name.</summary>
    public bool IsToBeFound => State != SessionState.HungUp;

    /// <summary>Nothing is left of a session that was ended before it had a program; one whose program was reaped then is about to close.</summary>
    public Resident Kind => Program is null || (State == SessionState.HungUp && Program.Leader is null) ? Resident.None : ResidentKind;

    protected abstract Resident ResidentKind { get; }

    /// <summary>In the order of the constructor that reads it.</summary>
    public virtual void Save(StateWriter state)
    {
        state.Number(Id);
        state.Text(Name);
        state.Text(CommandLine);
        state.Text(OnDisconnect.ToString());
        state.Number(_since.UtcTicks);
        state.Number(_started);
        state.Number((int)State);
        Program!.Save(state);
        state.Number(LastTraffic);
        state.Number(Offset);
    }

    /// <summary>Puts the session and its program on its lane, where it stood.</summary>
    /// <returns>Whether it goes on.</returns>
    protected bool TryGoOn()
    {
        Lane.Sessions.Add(this);
        try
        {
            Program!.Resume();
            if (State != SessionState.HungUp)
                WatchStreams();
            return true;
        }
        catch (KernelException refused)
        {
            Router.Log.SessionLost(LogName, refused.Message);
            End(SessionEnd.HungUp);
            return false;
        }
    }
}
