using Forkpty.Interop;

namespace Forkpty.Jail;

/// <summary>
/// What the router tells a service manager, passed on by the supervisor in front of it: the manager hears only the process that it started (NotifyAccess=main,
/// by the pid that the kernel puts on a message). The router writes into a pipe, and SIGIO tells the supervisor, which waits for nothing but signals.
/// </summary>
internal sealed class NoticeRelay
{
    /// <summary>The name under which the way to the service manager, or to the next relay, goes through a <see cref="Handover"/>.</summary>
    public const string Name = "notices";

    /// <summary>Milliseconds for who does not read.</summary>
    private const int Patience = 100;

    private int _onward;
    private int _pipe;

    private NoticeRelay(int onward, int pipe)
    {
        _onward = onward;
        _pipe = pipe;
    }

    /// <summary>Puts a pipe into the hand-over in the place of the way that came with it; null where none came.</summary>
    public static NoticeRelay? Insert(Handover handover)
    {
        if (handover.Find(Name) is not (>= 0 and int onward) || Libc.pipe2(Libc.O_CLOEXEC, out int read, out int write) < 0)
            return null;
        // Before there is a child that could write: what comes earlier sends no signal.
        _ = Libc.fcntl(read, Libc.F_SETOWN, Libc.getpid());
        _ = Libc.fcntl(read, Libc.F_SETFL, Libc.O_NONBLOCK | Libc.O_ASYNC);
        handover.Replace(Name, write);
        return new NoticeRelay(onward, read);
    }

    /// <summary>Moves its two descriptors to <paramref name="first"/> and the next one, so that all others can be closed.</summary>
    /// <returns>The first descriptor after them.</returns>
    public int MoveTo(int first)
    {
        int onward = Libc.fcntl(_onward, Libc.F_DUPFD_CLOEXEC, first + 2);
        int pipe = Libc.fcntl(_pipe, Libc.F_DUPFD_CLOEXEC, first + 2);
        _onward = Libc.dup2(onward, first);
        _pipe = Libc.dup2(pipe, first + 1);
        return first + 2;
    }

    /// <summary>Passes on what has come. Who listens may have a full queue (10 messages, net.unix.max_dgram_qlen) and is waited for a moment: without its READY=1 the service would be killed.</summary>
    public void PassOn()
    {
        Span<byte> notice = stackalloc byte[4096];
        while (Libc.read(_pipe, notice) is > 0 and nint count)
        {
            while (Libc.write(_onward, notice[..(int)count]) == -(nint)Errno.EAGAIN && Libc.poll(_onward, Libc.POLLOUT, Patience) > 0)
            {
            }
        }
    }
}
