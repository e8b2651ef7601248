using Forkpty.Interop;

namespace Forkpty.Targets;

// Waiting for what does not run yet, or not any more.
public sealed partial class Host
{
    /// <summary>Control groups say nothing when they are made, and a directory for the first container may not be there yet: so it is looked again after a second.</summary>
    private const int Look = 1_000;

    /// <summary>A runtime makes its directory first, and writes its file some 10 ms later.</summary>
    private const int LookSoon = 50;

    private const int LooksSoon = 10;

    /// <summary>Waits until a target of this name runs: at once where one does already.</summary>
    /// <param name="name">As for <see cref="Find"/>.</param>
    /// <param name="previous">The one that has ended, or is about to: it is waited for the next of the same kind and the same user. Null for any that <see cref="Find"/> would find.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The target. A container that is made but not started yet is not one.</returns>
    /// <exception cref="TargetException">The name cannot be understood, or more than one has it.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Task<Target> WaitForAsync(string name, Target? previous = null, CancellationToken cancellationToken = default)
    {
        _ = TargetName.Parse(name);
        return Task.Run(() => WaitFor(name, previous, cancellationToken), cancellationToken);
    }

    internal Target WaitFor(string name, Target? previous, CancellationToken cancellationToken)
    {
        KernelException.Check(Libc.pipe2(Libc.O_CLOEXEC | Libc.O_NONBLOCK, out int read, out int write), "pipe2", name);
        using SafeFd stopped = new(read), stop = new(write);
        using CancellationTokenRegistration registration = cancellationToken.Register(() => Libc.write(stop.Value, "x"u8));
        if (previous is not null)
            WaitForEnd(previous, stopped, cancellationToken);

        using SafeFd changes = Watch();
        for (int soon = LooksSoon; ; soon = Math.Max(0, soon - 1))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryFind(name, previous) is { } target) return target;
            if (Wait(changes, stopped, soon > 0 ? LookSoon : Look))
                soon = LooksSoon + 1;
        }
    }

    /// <summary>Whether a target has ended, or does so within some milliseconds.</summary>
    internal bool EndsWithin(Target target, int milliseconds)
    {
        int fd = Libc.pidfd_open(target.ProcessId);
        if (fd < 0) return true;
        using var ended = new SafeFd(fd);
        return Current(target) is null || Libc.poll([new() { fd = fd, events = Libc.POLLIN }], milliseconds) > 0;
    }

    private Target? TryFind(string name, Target? previous)
    {
        (TargetKind? kind, string rest) = TargetName.Parse(name);
        if (kind == TargetKind.Process)
            return Find(name);
        List<Target> all = All(units: true);
        if (previous is not null)
            all.RemoveAll(next => next.Kind != previous.Kind || next.Owner != previous.Owner || (next.ProcessId == previous.ProcessId && next.StartTime == previous.StartTime));
        List<Target> fits = Fitting(all, rest, kind);
        fits.RemoveAll(IsBeingMade);
        return fits switch
        {
            [] => null,
            _ when previous is null && IsOfOthers(fits) && Refusal(name, kind, fits) is not null => null,
            [var one] => one,
            _ => throw new TargetException(Ambiguous(name, fits)),
        };
    }

    private bool IsBeingMade(Target target) =>
        _processes.IsBeingMade(target.ProcessId)
        || (target.Kind is TargetKind.Lxc or TargetKind.Incus or TargetKind.Machine && _processes.Find(target.ProcessId) is { } process && _processes.IsItsMonitors(process));

    private void WaitForEnd(Target target, SafeFd stopped, CancellationToken cancellationToken)
    {
        int fd = Libc.pidfd_open(target.ProcessId);
        if (fd < 0) return;
        using var ended = new SafeFd(fd);
        while (Current(target) is not null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _ = Wait(ended, stopped, -1);
        }
    }

    /// <summary>The directories in which a container appears, as far as they are there.</summary>
    private SafeFd Watch()
    {
        var changes = new SafeFd(KernelException.Check(Libc.inotify_init(), "inotify_init1", "the runtimes' directories"));
        foreach (Place place in new Places(_files).OfAll())
        {
            int fd = _files.OpenDirectory(place);
            if (fd < 0) continue;
            using var directory = new SafeFd(fd);
            _ = Libc.inotify_add_watch(changes.Value, $"/proc/self/fd/{TargetName.Number(fd)}", Libc.IN_CREATE | Libc.IN_MOVED_TO | Libc.IN_DELETE);
        }

        return changes;
    }

    /// <returns>Whether <paramref name="what"/> had something to say; what that was is read away.</returns>
    private static bool Wait(SafeFd what, SafeFd stopped, int milliseconds)
    {
        Span<Libc.pollfd> both = [new() { fd = what.Value, events = Libc.POLLIN }, new() { fd = stopped.Value, events = Libc.POLLIN }];
        _ = Libc.poll(both, milliseconds);
        if (both[0].revents == 0) return false;
        Span<byte> events = stackalloc byte[4096];
        while (Libc.read(what.Value, events) > 0)
        {
        }

        return true;
    }
}
