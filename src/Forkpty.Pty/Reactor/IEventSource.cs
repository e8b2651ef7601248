namespace Forkpty.Reactor;

/// <summary>Somebody who waits for events of file descriptors on an <see cref="EventLoop"/>. Called on the loop's thread only.</summary>
internal interface IEventSource
{
    /// <summary>Something happened on the descriptor that was added with <paramref name="role"/>; <paramref name="events"/> are EPOLL bits.</summary>
    void OnEvents(int role, uint events);
}
