using Forkpty.Interop;

namespace Forkpty;

/// <summary>
/// The program that leads the session on a terminal: our child, held by a pidfd, which can never mean another process.
/// </summary>
internal sealed class Leader(int pid, SafeFd pidfd) : IDisposable
{
    public int Pid { get; } = pid;

    /// <summary>Readable once the leader has ended.</summary>
    public SafeFd Pidfd { get; } = pidfd;

    /// <summary>Reaps the leader if it has ended; null while it runs.</summary>
    public ExitStatus? TryReap() => Libc.waitid_pidfd(Pidfd.Value, out Libc.ChildState state) switch
    {
        0 => null,
        1 => ExitStatus.FromNative(state),
        _ => ExitStatus.Unknown,
    };

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
        Abandon(Pid);
        Dispose();
    }

    public void Dispose() => Pidfd.Dispose();

    internal static void Abandon(int pid)
    {
        _ = Libc.kill(pid, Libc.SIGKILL);
        _ = Libc.waitpid(pid, block: true, out _);
    }
}
