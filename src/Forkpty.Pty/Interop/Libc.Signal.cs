using System.Runtime.InteropServices;

namespace Forkpty.Interop;

// signal.h, sys/wait.h
internal static unsafe partial class Libc
{
    public const int SIGHUP = 1;
    public const int SIGINT = 2;
    public const int SIGQUIT = 3;
    public const int SIGKILL = 9;
    public const int SIGUSR1 = 10;
    public const int SIGUSR2 = 12;
    public const int SIGPIPE = 13;
    public const int SIGTERM = 15;
    public const int SIGCHLD = 17;
    public const int SIGCONT = 18;
    public const int SIGSTOP = 19;
    public const int SIGTSTP = 20;
    public const int SIGXFSZ = 25;
    public const int SIGWINCH = 28;
    public const int SIGIO = 29;
    public const int SIGRTMAX = 64;

    private const nint SIG_IGN = 1;
    private const int P_PID = 1;
    private const int P_PIDFD = 3;
    private const int WNOHANG = 1;
    private const int WEXITED = 4;
    private const int WNOWAIT = 0x1000000;
    private const int siginfo_size = 128;

    /// <summary>What waitid(2) tells of a child: si_pid, si_code and si_status.</summary>
    public readonly record struct ChildState(int Pid, int Code, int Status);

    public const int CLD_EXITED = 1;
    public const int CLD_KILLED = 2;
    public const int CLD_DUMPED = 3;

    public static int kill(int pid, int signal) => Result(_kill(pid, signal));

    /// <summary>Gives a signal its default action again; whoever started us may have ignored it, and children inherit that.</summary>
    public static void signal_default(int signal) => _ = _signal(signal, 0);

    /// <summary>Ignores a signal; programs that are started by posix_spawn(3) here do not, and an exec of ours does.</summary>
    public static void signal_ignore(int signal) => _ = _signal(signal, SIG_IGN);

    /// <summary>Whether whoever started us has ignored it. Only for a signal that is blocked and has no handler here: for a moment it has its default action.</summary>
    public static bool is_ignored(int signal) => _signal(signal, 0) == SIG_IGN && _signal(signal, SIG_IGN) == 0;

    /// <summary>A descriptor for a process, readable once it has ended. It can never mean another process (pidfd_open(2), Linux 5.3).</summary>
    public static int pidfd_open(int pid) => (int)Result(syscall3(SYS_pidfd_open, pid, 0, 0));

    public static int pidfd_send_signal(int pidfd, int signal) => (int)Result(syscall4(SYS_pidfd_send_signal, pidfd, signal, 0, 0));

    /// <summary>
    /// Reaps the child behind <paramref name="pidfd"/> if it has ended: 1 and its state, 0 while it runs, -ECHILD where its status went to somebody else
    /// or it is no child of ours. With <paramref name="leave"/> it only looks, and the child stays to be reaped.
    /// </summary>
    public static int waitid_pidfd(int pidfd, out ChildState state, bool leave = false)
    {
        int* info = stackalloc int[siginfo_size / sizeof(int)];
        new Span<int>(info, siginfo_size / sizeof(int)).Clear();
        int result;
        do result = Result(_waitid(P_PIDFD, (uint)pidfd, info, WEXITED | WNOHANG | (leave ? WNOWAIT : 0)));
        while (result == -(int)Errno.EINTR);
        state = result < 0 || info[4] == 0 ? default : new ChildState(info[4], info[2], info[6]);
        return result < 0 ? result : info[4] == 0 ? 0 : 1;
    }

    /// <summary>Whether a process is a child of ours that was not reaped. Takes no descriptor.</summary>
    public static bool is_child(int pid)
    {
        int* info = stackalloc int[siginfo_size / sizeof(int)];
        return _waitid(P_PID, (uint)pid, info, WEXITED | WNOHANG | WNOWAIT) == 0;
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int _kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint _signal(int signal, nint handler);

    [LibraryImport("libc", EntryPoint = "waitid", SetLastError = true)]
    private static partial int _waitid(int idtype, uint id, int* info, int options);
}
