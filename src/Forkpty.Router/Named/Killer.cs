using Forkpty.Interop;
using Forkpty.Reactor;

namespace Forkpty.Named;

/// <summary>
/// Ends whole trees of processes, one after the other, on a thread of its own that lives as long as the router: it takes milliseconds, too long for the loops that carry keystrokes. Control groups in
/// which somebody goes on are removed there when they are empty.
/// </summary>
internal sealed class Killer : IWorker, IDisposable, IEventSource
{
    private readonly Dictionary<int, string> _inUse = []; // groups by their watches; touched by the thread alone
    private SafeFd? _changes; // of them

    public EventLoop Loop { get; } = new("fpty-kill");

    /// <summary>Has somebody ended there; from any thread.</summary>
    public void Kill(Action killing) => Loop.Post(static killing => ((Action)killing!)(), killing);

    /// <summary>
    /// Removes a group, which is this one's from now on, when nobody is in it any more; from any thread. Its descriptor is closed: those who go on may be many, and what a router may open is for
    /// sessions. Where the kernel has no watch left, the next router removes it.
    /// </summary>
    public void RemoveWhenEmpty(SessionCgroup group) => Loop.Post(Watch, group);

    /// <inheritdoc/>
    public bool TryFinish(int milliseconds)
    {
        var done = new ManualResetEventSlim(); // not disposed: where it is late it is set then
        Loop.Post(static done => ((ManualResetEventSlim)done!).Set(), done);
        return done.Wait(milliseconds);
    }

    public void Dispose()
    {
        if (Loop.TryEnd())
            _changes?.Dispose();
    }

    void IEventSource.OnEvents(int role, uint events)
    {
        Span<byte> buffer = stackalloc byte[4096];
        while (Libc.read(_changes!.Value, buffer) is > 0 and nint filled)
        {
            ReadOnlySpan<byte> changes = buffer[..(int)filled];
            while (Libc.next_inotify_event(ref changes, out int watch))
            {
                if (_inUse.TryGetValue(watch, out string? path) && SessionCgroup.TryRemove(path))
                    _inUse.Remove(watch);
            }
        }
    }

    private void Watch(object? group)
    {
        string path = ((SessionCgroup)group!).Path;
        ((SessionCgroup)group).Directory.Dispose();
        if (SessionCgroup.TryRemove(path) || !TryWatch(SessionCgroup.EventsOf(path), out int watch)) return;
        if (!SessionCgroup.TryRemove(path)) // it may have become so before it was watched
            _inUse[watch] = path;
    }

    private bool TryWatch(string events, out int watch)
    {
        watch = -1;
        if (_changes is null && Libc.inotify_init() is >= 0 and int fd)
        {
            _changes = new SafeFd(fd);
            try
            {
                Loop.Add(fd, Libc.EPOLLIN, this, role: 0);
            }
            catch (KernelException)
            {
                _changes.Dispose();
                _changes = null;
            }
        }

        if (_changes is not null)
            watch = Libc.inotify_add_watch(_changes.Value, events, Libc.IN_MODIFY);
        return watch >= 0;
    }
}
