using Forkpty.Interop;
using Forkpty.Reactor;

namespace Forkpty;

/// <summary>
/// A program that runs on a pseudoterminal. It costs no thread: all processes share one epoll loop. Disposing it hangs the terminal up, so that the
/// program gets SIGHUP, and reaps the program once it ends.
/// </summary>
/// <example><code>
/// await using var shell = await PtyProcess.StartAsync(new PtyCommand("/bin/sh") { Size = new(24, 80) });
/// await shell.WriteAsync("exit 7\n"u8.ToArray());
/// ExitStatus status = await shell.WaitForExitAsync();
/// </code></example>
public sealed class PtyProcess : IAsyncDisposable, IEventSource, ITimerTarget
{
    private readonly EventLoop _loop = EventLoop.Shared;
    private readonly Lock _reaping = new();
    private readonly Leader _leader;
    private readonly AsyncFd _master;
    private readonly TaskCompletionSource<ExitStatus> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _exitSlot = -1;

    internal PtyProcess(Pty terminal, Leader leader)
    {
        Terminal = terminal;
        _leader = leader;
        _master = new AsyncFd(terminal.Master);
        _loop.Post(static self => ((PtyProcess)self!).WatchExit(), this);
    }

    /// <summary>Starts a program on a new terminal.</summary>
    /// <param name="command">What to run.</param>
    /// <param name="cancellation">Gives up before the program is started.</param>
    /// <exception cref="KernelException">The program cannot be run (ENOENT, EACCES), or no terminal or descriptor is left.</exception>
    public static Task<PtyProcess> StartAsync(PtyCommand command, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        return Task.Run(
            () =>
            {
                _ = EventLoop.Shared; // before there is a program that nobody could watch
                using var plan = new SpawnPlan(command);
                (Pty terminal, Leader leader) = PtySpawner.Start(plan, command.Size);
                return new PtyProcess(terminal, leader);
            },
            cancellation);
    }

    /// <summary>The program's process id, which is also that of its session.</summary>
    public int Id => _leader.Pid;

    /// <summary>The terminal: its name, its window, its foreground process group. It belongs to this process, whose disposal hangs it up.</summary>
    public Pty Terminal { get; }

    /// <summary>Reads output of the program.</summary>
    /// <param name="buffer">Where the bytes go; a terminal gives at most 16 KB at once.</param>
    /// <param name="cancellation">Stops waiting; nothing is lost.</param>
    /// <returns>The number of bytes, or 0 at the end: when every process has closed the terminal.</returns>
    /// <exception cref="InvalidOperationException">Another read is going on.</exception>
    /// <exception cref="KernelException">The terminal cannot be read, or waited for: the kernel has no watch or memory left.</exception>
    /// <exception cref="ObjectDisposedException">This was disposed, before or meanwhile.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation = default)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested(); // a flood never makes us wait, and must be left all the same
            nint count = _master.Read(buffer.Span);
            if (count >= 0) return (int)count;
            switch ((Errno)(-count))
            {
                case Errno.EIO: return 0; // how a master says that nobody has the terminal open any more
                case Errno.EAGAIN: await _master.WaitReadable(cancellation).ConfigureAwait(false); break;
                default: throw new KernelException("read", Terminal.Name, (int)count);
            }
        }
    }

    /// <summary>
    /// Writes input for the program, all of it; waits while the program does not read. A terminal takes some KB also for a program that will never
    /// read them or has gone: that this returns does not mean that anybody has read.
    /// </summary>
    /// <param name="bytes">What a person would type.</param>
    /// <param name="cancellation">Stops waiting; a part may have been written.</param>
    /// <exception cref="InvalidOperationException">Another write is going on.</exception>
    /// <exception cref="KernelException">The terminal cannot be written, such as EIO where nobody has it open any more and it takes no more.</exception>
    /// <exception cref="ObjectDisposedException">This was disposed, before or meanwhile.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation = default)
    {
        while (!bytes.IsEmpty)
        {
            cancellation.ThrowIfCancellationRequested();
            nint count = _master.Write(bytes.Span);
            if (count >= 0)
                bytes = bytes[(int)count..];
            else if (count == -(nint)Errno.EAGAIN && _master.IsHungUp)
                throw new KernelException("write", Terminal.Name, (int)Errno.EIO); // nobody is left who could make room
            else if (count == -(nint)Errno.EAGAIN)
                await _master.WaitWritable(cancellation).ConfigureAwait(false);
            else
                throw new KernelException("write", Terminal.Name, (int)count);
        }
    }

    /// <summary>Gives the window a size; the program gets SIGWINCH. It never waits, so it is not asynchronous.</summary>
    /// <param name="size">The new size.</param>
    /// <exception cref="KernelException">The terminal is gone.</exception>
    public void Resize(WindowSize size) => Terminal.Resize(size);

    /// <summary>Sends a signal to the foreground process group, as a key of the terminal would, or to the program where there is none.</summary>
    /// <param name="signal">A signal's number; signal(7).</param>
    /// <returns>false where the program has ended.</returns>
    /// <exception cref="KernelException">EINVAL: no such signal; EPERM: not ours to signal.</exception>
    public bool Signal(int signal)
    {
        int result;
        lock (_reaping)
        {
            if (_exit.Task.IsCompleted) return false;
            result = _leader.SignalForeground(Terminal, signal);
        }

        return result == -(int)Errno.ESRCH ? false : KernelException.Check(result, "kill", $"process {Id}") == 0;
    }

    /// <summary>Waits until the program has ended. Output may still be there to read.</summary>
    /// <param name="cancellation">Stops waiting; the program goes on.</param>
    /// <returns>Its exit code or signal.</returns>
    /// <exception cref="KernelException">The kernel has no watch left for it (fs.epoll.max_user_watches) or no memory: its end could not be seen, so it was killed.</exception>
    public Task<ExitStatus> WaitForExitAsync(CancellationToken cancellation = default) => _exit.Task.WaitAsync(cancellation);

    /// <summary>Hangs the terminal up. Does not wait for the program; it is reaped when it ends.</summary>
    /// <returns>A completed task.</returns>
    public ValueTask DisposeAsync()
    {
        _master.Dispose();
        return ValueTask.CompletedTask;
    }

    void IEventSource.OnEvents(int role, uint events)
    {
        if (TryReap(null)) return;
        _loop.Modify(_exitSlot, 0); // it stays readable, and would keep the loop awake
        _loop.Schedule(Leader.TracedWait, this, purpose: 0);
    }

    void ITimerTarget.OnTimer(int purpose)
    {
        if (_exitSlot >= 0)
            _loop.Modify(_exitSlot, Libc.EPOLLIN);
    }

    private void WatchExit()
    {
        try
        {
            _exitSlot = _loop.Add(_leader.Pidfd.Value, Libc.EPOLLIN, this, role: 0);
        }
        catch (KernelException refused)
        {
            _ = EndAsync(refused); // the loop is not ours alone, and a killed program may take its time
        }
    }

    /// <summary>A child that nobody watches would stay as a zombie. The kernel has no watch to wait by, so it is looked at now and then.</summary>
    private async Task EndAsync(KernelException unwatched)
    {
        _ = _leader.Signal(Libc.SIGKILL);
        while (!TryReap(unwatched))
            await Task.Delay(Leader.TracedWait).ConfigureAwait(false);
    }

    /// <param name="unwatched">For who waits, where its end could not be waited for.</param>
    /// <returns>Whether it has ended and is nobody's any more.</returns>
    private bool TryReap(KernelException? unwatched)
    {
        lock (_reaping)
        {
            if (_leader.TryReap() is not { } status) return false;
            _loop.Remove(ref _exitSlot);
            _leader.Dispose();
            if (unwatched is null)
                _exit.TrySetResult(status);
            else if (_exit.TrySetException(unwatched))
                _ = _exit.Task.Exception; // whoever does not wait, need not
            return true;
        }
    }
}
