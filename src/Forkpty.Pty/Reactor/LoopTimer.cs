namespace Forkpty.Reactor;

/// <summary>A moment that somebody waits for. Cancelled, it stays in the queue until it is due and then does nothing.</summary>
internal sealed class LoopTimer(ITimerTarget target, int purpose)
{
    private ITimerTarget? _target = target;

    public void Cancel() => _target = null;

    internal bool IsCancelled => _target is null;

    internal void Fire()
    {
        ITimerTarget? target = _target;
        _target = null;
        target?.OnTimer(purpose);
    }
}
