namespace Forkpty.Named;

/// <content>Where it lives.</content>
internal abstract partial class OpenedSession
{
    private volatile Lane _lane;
    private volatile bool _isMoving;

    /// <summary>Where it lives, with its clients.</summary>
    public Lane Lane => _lane;

    public bool IsHere => Lane.Loop.IsCurrent && !_isMoving;

    /// <summary>Hands the session over to another lane, whose thread it belongs to from the end of this call on.</summary>
    protected void MoveTo(Lane target)
    {
        StopTimers();
        UnwatchStreams();
        Program!.Unwatch();
        Router.OnMoving();
        Lane.Sessions.Remove(this);
        _isMoving = true; // before others see the new lane: nothing can be done with it before it has arrived
        _lane = target;
        target.Loop.Post(static self => ((OpenedSession)self!).Arrive(), this);
    }

    /// <summary>Does something on the session's lane, wherever that is by then.</summary>
    protected void OnOwnLane(Action what)
    {
        if (IsHere)
            what();
        else
            Lane.Loop.Post(_ => OnOwnLane(what)); // it may have moved once more by then, or not have arrived
    }

    /// <summary>The session has arrived on another lane.</summary>
    protected abstract void OnArrived();

    private void Arrive()
    {
        _isMoving = false;
        bool goesOn = TryGoOn();
        Router.OnMoved(Lane);
        if (!goesOn) return;
        OnArrived();
        if (Lane.IsStopping)
            HangUp();
    }
}
