using Forkpty.Interop;
using Forkpty.Reactor;

namespace Forkpty.Listeners;

/// <summary>Accepts connections on one socket and hands each to whoever serves it. Lives on the interactive lane.</summary>
internal sealed class Listener : IEventSource, ITimerTarget, IDisposable
{
    /// <summary>Connections of one turn: a burst must not keep keystrokes waiting.</summary>
    private const int MostPerTurn = 16;

    /// <summary>Milliseconds to rest where nobody can be accepted, nor refused, for want of memory or descriptors; level-triggered, the loop would spin.</summary>
    private const int RestTime = 100;

    private readonly EventLoop _loop;
    private readonly BoundSocket _socket;
    private readonly Action<SafeFd> _accepted;
    private readonly Action _refused;
    private SafeFd? _spare;
    private int _slot;

    public Listener(EventLoop loop, BoundSocket socket, Action<SafeFd> accepted, Action refused)
    {
        _loop = loop;
        _socket = socket;
        _accepted = accepted;
        _refused = refused;
        _spare = OpenSpare();
        _slot = loop.Add(socket.Descriptor, Libc.EPOLLIN, this, role: 0);
    }

    public BoundSocket Socket => _socket;

    public void OnEvents(int role, uint events)
    {
        for (int i = 0; i < MostPerTurn; i++)
        {
            int fd = Libc.accept4(_socket.Descriptor);
            if (fd >= 0)
                Accept(new SafeFd(fd));
            else if (fd == -(int)Errno.EAGAIN)
                return;
            else if (fd != -(int)Errno.ECONNABORTED && !(fd is -(int)Errno.EMFILE or -(int)Errno.ENFILE && TryRefuseOne()))
            {
                Rest();
                return;
            }
        }
    }

    public void OnTimer(int purpose)
    {
        _spare ??= OpenSpare();
        if (_slot >= 0)
            _loop.Modify(_slot, Libc.EPOLLIN);
    }

    public void Dispose()
    {
        _loop.Remove(ref _slot);
        _spare?.Dispose();
        _socket.RemoveFile();
        _socket.Dispose();
    }

    private void Accept(SafeFd client)
    {
        if (_socket.IsTcp)
            Libc.set_tcp_options(client.Value);
        _accepted(client);
    }

    /// <summary>
    /// At the limit of open files: one descriptor is kept spare, so that a waiting client is told so and not left waiting.
    /// </summary>
    /// <returns>False where there is no spare one any more: others have taken it.</returns>
    private bool TryRefuseOne()
    {
        _spare?.Dispose();
        _spare = null;
        int fd = Libc.accept4(_socket.Descriptor);
        if (fd >= 0)
        {
            _ = Libc.send(fd, Refusals.TooManyFiles);
            _ = Libc.close(fd);
            _refused();
        }

        _spare = OpenSpare();
        return _spare is not null;
    }

    private void Rest()
    {
        _loop.Modify(_slot, 0);
        _loop.Schedule(RestTime, this, purpose: 0);
    }

    private static SafeFd? OpenSpare()
    {
        int fd = Libc.open("/", Libc.O_RDONLY | Libc.O_CLOEXEC);
        return fd < 0 ? null : new SafeFd(fd);
    }
}
