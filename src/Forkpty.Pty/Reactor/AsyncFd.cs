using Forkpty.Interop;

namespace Forkpty.Reactor;

/// <summary>
/// A descriptor that tasks wait for, on the shared loop. Edge-triggered: each edge completes who waits, or is remembered for who comes next.
/// This is the library's asynchronous face; the router's sessions live on their loop and need neither tasks nor this lock.
/// </summary>
internal sealed class AsyncFd : IEventSource, IDisposable
{
    private readonly Lock _lock = new();
    private readonly EventLoop _loop = EventLoop.Shared;
    private readonly SafeFd _fd;
    private readonly Side _readable = new();
    private readonly Side _writable = new();
    private int _slot = -1;
    private KernelException? _failure;
    private volatile bool _disposed;

    public AsyncFd(SafeFd fd)
    {
        _fd = fd;
        bool held = false;
        fd.DangerousAddRef(ref held); // until the loop has let go of it, even where its owner disposes it
        _loop.Post(static self => ((AsyncFd)self!).Register(), this);
    }

    public ValueTask WaitReadable(CancellationToken cancellation) => Wait(_readable, cancellation);

    public ValueTask WaitWritable(CancellationToken cancellation) => Wait(_writable, cancellation);

    /// <summary>Whether the other side is closed, of a terminal by everybody who had it open.</summary>
    /// <exception cref="ObjectDisposedException">The descriptor is closed.</exception>
    public bool IsHungUp
    {
        get
        {
            using SafeFd.Lease fd = _fd.Hold();
            return Libc.poll(fd.Value, events: 0, timeout: 0) > 0;
        }
    }

    /// <summary>read(2): the number of bytes, or minus errno.</summary>
    /// <exception cref="ObjectDisposedException">The descriptor is closed.</exception>
    public nint Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        using SafeFd.Lease fd = _fd.Hold();
        return Libc.read(fd.Value, buffer);
    }

    /// <summary>write(2): the number of bytes, or minus errno.</summary>
    /// <exception cref="ObjectDisposedException">The descriptor is closed.</exception>
    public nint Write(ReadOnlySpan<byte> bytes)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        using SafeFd.Lease fd = _fd.Hold();
        return Libc.write(fd.Value, bytes);
    }

    public void OnEvents(int role, uint events)
    {
        const uint failed = Libc.EPOLLERR | Libc.EPOLLHUP;
        if ((events & (Libc.EPOLLIN | Libc.EPOLLRDHUP | failed)) != 0) Signal(_readable);
        if ((events & (Libc.EPOLLOUT | failed)) != 0) Signal(_writable);
    }

    /// <summary>Ends all waiting and closes the descriptor, on the loop: an event in flight never meets a descriptor that was used again.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed) return;
            _disposed = true;
        }

        Signal(_readable);
        Signal(_writable);
        _loop.Post(static self => ((AsyncFd)self!).Unregister(), this);
    }

    private void Register()
    {
        lock (_lock)
        {
            if (_disposed) return;
            try
            {
                _slot = _loop.Add(_fd.Value, Libc.EPOLLIN | Libc.EPOLLOUT | Libc.EPOLLRDHUP | Libc.EPOLLET, this, role: 0);
                return;
            }
            catch (KernelException refused)
            {
                _failure = refused; // for those who wait; the loop is not ours alone
            }
        }

        Signal(_readable);
        Signal(_writable);
    }

    private void Unregister()
    {
        _loop.Remove(ref _slot);
        _ = ThreadPool.UnsafeQueueUserWorkItem(static self => self.Close(), this, preferLocal: false); // which may wait for the kernel, and the loop is everybody's
    }

    private void Close()
    {
        using SpawnGate.Closing closing = SpawnGate.Close();
        _fd.DangerousRelease();
        closing.Close(_fd);
    }

    private async ValueTask Wait(Side side, CancellationToken cancellation)
    {
        TaskCompletionSource waiter;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_failure is not null)
                throw _failure;
            if (side.Edge)
            {
                side.Edge = false;
                return;
            }

            if (side.Waiter is not null)
                throw new InvalidOperationException("Another read or write of this terminal is still going on.");
            side.Waiter = waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        await using CancellationTokenRegistration registration = cancellation.UnsafeRegister(
            static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), waiter);
        try
        {
            await waiter.Task.ConfigureAwait(false);
            if (_failure is not null)
                throw _failure;
        }
        finally
        {
            lock (_lock)
            {
                if (side.Waiter == waiter) side.Waiter = null;
            }
        }
    }

    private void Signal(Side side)
    {
        TaskCompletionSource? waiter;
        lock (_lock)
        {
            waiter = side.Waiter;
            side.Waiter = null;
            side.Edge = waiter is null;
        }

        if (waiter?.TrySetResult() == false)
        {
            lock (_lock) side.Edge = true;
        }
    }

    private sealed class Side
    {
        public TaskCompletionSource? Waiter;
        public bool Edge;
    }
}
