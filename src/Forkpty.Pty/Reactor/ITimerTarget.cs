namespace Forkpty.Reactor;

/// <summary>Somebody who waits for a moment on an <see cref="EventLoop"/>. Called on the loop's thread only.</summary>
internal interface ITimerTarget
{
    /// <summary>The timer that was set with <paramref name="purpose"/> is due.</summary>
    void OnTimer(int purpose);
}
