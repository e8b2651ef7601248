using Forkpty.Interop;
using Forkpty.Reactor;

namespace Forkpty.Named;

/// <summary>
/// Ends whole trees of processes, one after the other, on a thread of its own from the first one on: it takes milliseconds, too long for the loops that carry keystrokes. Control groups in which
/// somebody goes on are removed there when they are empty.
/// </summary>
internal sealed class Killer : IDisposable, IEventSource
{
    private readonly List<SessionCgroup> _inUse = []; // touched by the thread alone
    private SafeFd? _changes; // of them
    private int _started;

    /// <summary>Runs once its thread has been needed.</summary>
    public EventLoop Loop { get; } = new("fpty-kill");

    /// <summary>Ends what an enclosure holds, or does what else takes so long; from any thread.</summary>
    public void Do(Action ending)
    {
        if (Interlocked.Exchange(ref _started, 1) == 0)
            Loop.Start();
        Loop.Post(static ending => ((Action)ending!)(), ending);
    }

    /// <summary>Removes a group, which is this one's from now on, when nobody is in it any more; from any thread.</summary>
    public void RemoveWhenEmpty(SessionCgroup group) => Do(() =>
    {
        _inUse.Add(group);
        Watch(group.Events);
        RemoveEmpty(); // it may have become so before it was watched
    });

    public void Dispose()
    {
        if (!Loop.TryEnd()) return;
        _changes?.Dispose();
        foreach (SessionCgroup group in _inUse)
            group.Directory.Dispose(); // the next router looks for it
    }

    void IEventSource.OnEvents(int role, uint events)
    {
        Span<byte> changes = stackalloc byte[4096];
        while (Libc.read(_changes!.Value, changes) > 0)
        {
        }

        RemoveEmpty();
    }

    private void RemoveEmpty() => _inUse.RemoveAll(static group =>
    {
        if (!group.TryRemove()) return false;
        group.Dispose();
        return true;
    });

    /// <summary>Where there is no watch left, a group is looked at when another one has changed, and by the next router.</summary>
    private void Watch(string events)
    {
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
            _ = Libc.inotify_add_watch(_changes.Value, events, Libc.IN_MODIFY);
    }
}
