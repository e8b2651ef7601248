using System.Globalization;
using System.Text;
using Forkpty.Interop;

namespace Forkpty;

/// <summary>
/// The program that leads the session on a terminal: our child, held by a pidfd, which can never mean another process.
/// </summary>
internal sealed class Leader(int pid, SafeFd pidfd) : IDisposable
{
    /// <summary>Milliseconds between two looks at a leader that has ended and that somebody traces: the kernel gives it to its tracer first.</summary>
    public const int TracedWait = 200;

    private ulong _reapedAt = ulong.MaxValue;

    public int Pid { get; } = pid;

    /// <summary>No child of ours, so that its number may be another's as soon as it has ended.</summary>
    public bool IsStranger { get; init; }

    /// <summary>Readable once the leader has ended.</summary>
    public SafeFd Pidfd { get; } = pidfd;

    /// <summary>
    /// When the leader was reaped, in ticks of 10 ms since boot, or no time that comes. Until then nobody else can have its number; what is in a session of
    /// that number and has started by then is in its session. Any thread may ask.
    /// </summary>
    public ulong ReapedAt
    {
        get => Volatile.Read(ref _reapedAt);
        init => _reapedAt = value;
    }

    /// <summary>Takes over a leader that this process started before it executed itself: the pid is still its child's, and the pidfd was left open for it.</summary>
    /// <param name="pid">Its pid.</param>
    /// <param name="pidfd">Its pidfd, which belongs to the leader from now on, close-on-exec; it stays the caller's where this throws.</param>
    /// <exception cref="KernelException">
    /// That is no pidfd (EBADF), or not the one of a child with this pid that is still to be reaped (ECHILD), or /proc is not there (ENOENT).
    /// </exception>
    public static Leader Adopt(int pid, int pidfd)
    {
        string target = $"process {pid}, descriptor {pidfd}";
        KernelException.Check(Libc.fcntl(pidfd, Libc.F_GETFD), "fcntl(F_GETFD)", target);
        if (PidOf(pidfd) is not { } named)
            throw new KernelException("waitid", target, (int)Errno.EBADF);
        if (named != pid || pid <= 0)
            throw new KernelException("waitid", target, (int)Errno.ECHILD);
        KernelException.Check(Libc.waitid_pidfd(pidfd, out _, leave: true), "waitid", target);
        KernelException.Check(Libc.fcntl(pidfd, Libc.F_SETFD, Libc.FD_CLOEXEC), "fcntl(F_SETFD)", target);
        return new Leader(pid, new SafeFd(pidfd));
    }

    /// <summary>The same without a pidfd: as long as a child is not reaped, its pid cannot mean another process. Needs no /proc.</summary>
    /// <exception cref="KernelException">There is no such process (ESRCH), it is no child of ours (ECHILD), or no descriptor is left (EMFILE).</exception>
    public static Leader Adopt(int pid)
    {
        string target = $"process {pid}";
        var pidfd = new SafeFd(KernelException.Check(pid > 0 ? Libc.pidfd_open(pid) : -(int)Errno.ESRCH, "pidfd_open", target));
        int child = Libc.waitid_pidfd(pidfd.Value, out _, leave: true);
        if (child >= 0)
            return new Leader(pid, pidfd);
        pidfd.Dispose();
        throw new KernelException("waitid", target, child);
    }

    /// <summary>
    /// A program that an earlier process of ours started. It is not our child: we learn when it ends, not how. Null where the descriptor is no pidfd, its
    /// process has ended, or there is no /proc; then it stays the caller's.
    /// </summary>
    public static Leader? OfStranger(int pidfd)
    {
        try
        {
            return PidOf(pidfd) is > 0 and int pid && Libc.poll(pidfd, Libc.POLLIN, 0) == 0 && Libc.fcntl(pidfd, Libc.F_SETFD, Libc.FD_CLOEXEC) == 0
                ? new Leader(pid, new SafeFd(pidfd)) { IsStranger = true }
                : null;
        }
        catch (KernelException)
        {
            return null; // it is closed, or there is no /proc to say whose it is
        }
    }

    /// <summary>Reaps the leader if it has ended; null while it runs, and while somebody who traces it has not heard of its end.</summary>
    public ExitStatus? TryReap()
    {
        ulong now = Libc.boot_ticks(); // taken before the reap: a process that is started after it cannot be proven to belong to this session
        int result = Libc.waitid_pidfd(Pidfd.Value, out Libc.ChildState state);
        if (result == 0)
            return null;
        Volatile.Write(ref _reapedAt, Math.Min(now, _reapedAt));
        return result == 1 ? ExitStatus.FromNative(state) : ExitStatus.Unknown;
    }

    /// <summary>Sends a signal to the leader alone.</summary>
    /// <returns>0, or minus errno: -EINVAL for a number that is no signal.</returns>
    public int Signal(int signal) => Libc.pidfd_send_signal(Pidfd.Value, signal);

    /// <summary>
    /// Sends a signal to the foreground process group of the leader's terminal, which is what a person means by it, or to the leader
    /// where there is none. Only while the leader is not reaped: its unreaped pid keeps the session's number from being used again.
    /// </summary>
    public int SignalForeground(Pty terminal, int signal)
    {
        try
        {
            using SafeFd.Lease master = terminal.Master.Hold();
            if (terminal.ForegroundProcessGroup is not { } group)
                return Signal(signal);

            // The kernel does it by itself for the three signals a terminal has keys for, and says success where the group is nobody.
            if (signal is Libc.SIGINT or Libc.SIGQUIT or Libc.SIGTSTP && Libc.ioctl_TIOCSIG(master.Value, signal) == 0)
                return 0;

            // A group outlives the process it is named after, and its number is not used again while it has members.
            int session = Libc.getsid(group);
            int result = session == Pid || session == -(int)Errno.ESRCH ? Libc.kill(-group, signal) : -(int)Errno.ESRCH;
            return result == -(int)Errno.ESRCH ? Signal(signal) : result;
        }
        catch (ObjectDisposedException)
        {
            // The terminal was hung up and the leader has survived it: the descriptor's number may be another session's by now.
            return Signal(signal);
        }
    }

    /// <summary>Kills and reaps the leader, where nobody can watch it.</summary>
    public void Abandon()
    {
        if (IsStranger)
            _ = Signal(Libc.SIGKILL);
        else
            Abandon(Pid);
        Dispose();
    }

    public void Dispose() => Pidfd.Dispose();

    internal static void Abandon(int pid)
    {
        _ = Libc.kill(pid, Libc.SIGKILL);
        if (Libc.waitpid(pid, block: false, out _) == 0) // it may wait for the kernel, and nobody here should
            _ = ThreadPool.UnsafeQueueUserWorkItem(static pid => _ = Libc.waitpid(pid, block: true, out _), pid, preferLocal: false);
    }

    /// <summary>The pid that the kernel says a pidfd is of; null where it is no pidfd, -1 where its process was reaped; pidfd_open(2).</summary>
    private static int? PidOf(int pidfd)
    {
        string path = $"/proc/self/fdinfo/{pidfd}";
        using var file = new SafeFd(KernelException.Check(Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC), "open", path));
        byte[] text = new byte[1024];
        int count = KernelException.Check((int)Libc.read(file.Value, text), "read", path);
        foreach (string line in Encoding.ASCII.GetString(text, 0, count).Split('\n'))
        {
            if (line.StartsWith("Pid:", StringComparison.Ordinal)
                && int.TryParse(line.AsSpan(4), NumberStyles.AllowLeadingWhite | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int pid))
                return pid;
        }

        return null;
    }
}
