using System.Runtime.InteropServices;

namespace Forkpty.Interop;

// unistd.h, fcntl.h, poll.h
internal static unsafe partial class Libc
{
    public const int O_RDONLY = 0x0;
    public const int O_WRONLY = 0x1;
    public const int O_RDWR = 0x2;
    public const int O_CREAT = 0x40;
    public const int O_NOCTTY = 0x100;
    public const int O_APPEND = 0x400;
    public const int O_NONBLOCK = 0x800;
    public const int O_ASYNC = 0x2000;
    public const int O_CLOEXEC = 0x80000;

    public const int F_GETFD = 1;
    public const int F_SETFD = 2;
    public const int F_GETFL = 3;
    public const int F_SETFL = 4;
    public const int F_SETOWN = 8;
    public const int F_DUPFD_CLOEXEC = 1030;
    public const int FD_CLOEXEC = 1;

    public const int X_OK = 1;
    public const int W_OK = 2;

    public const short POLLIN = 0x1;
    public const short POLLPRI = 0x2;
    public const short POLLOUT = 0x4;
    public const short POLLERR = 0x8;

    private const int CLOSE_RANGE_CLOEXEC = 4;

    [StructLayout(LayoutKind.Sequential)]
    public struct pollfd
    {
        public int fd;
        public short events;
        public short revents;
    }

    public static int open(string path, int flags, int mode = 0)
    {
        int fd;
        do fd = Result(_open(path, flags, mode));
        while (fd == -(int)Errno.EINTR);
        return fd;
    }

    /// <summary>
    /// Opens once more what is behind a descriptor: with a description of our own, so that it can be non-blocking for us alone, and the very same file, whatever its name means by now. It needs
    /// /proc, and the right to the file.
    /// </summary>
    public static int reopen(int fd, int access) => open($"/proc/self/fd/{fd}", access | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

    public static nint read(int fd, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            nint count;
            do count = Result(_read(fd, start, buffer.Length));
            while (count == -(nint)Errno.EINTR);
            return count;
        }
    }

    public static nint write(int fd, ReadOnlySpan<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            nint count;
            do count = Result(_write(fd, start, buffer.Length));
            while (count == -(nint)Errno.EINTR);
            return count;
        }
    }

    /// <summary>close(2). On Linux the descriptor is gone whatever the result, so nobody retries.</summary>
    public static int close(int fd) => Result(_close(fd));

    public static int fcntl(int fd, int command, nint argument = 0) => Result(_fcntl(fd, command, argument));

    public static int pipe2(int flags, out int readEnd, out int writeEnd)
    {
        int* ends = stackalloc int[2];
        int result = Result(_pipe2(ends, flags));
        (readEnd, writeEnd) = result < 0 ? (-1, -1) : (ends[0], ends[1]);
        return result;
    }

    /// <summary>Waits for events; <paramref name="timeout"/> in milliseconds, -1 for ever. An interruption by a signal counts as no event.</summary>
    public static int poll(Span<pollfd> fds, int timeout)
    {
        fixed (pollfd* first = fds)
        {
            int count = Result(_poll(first, (nuint)fds.Length, timeout));
            return count == -(int)Errno.EINTR ? 0 : count;
        }
    }

    /// <summary>Waits for one descriptor: what of <paramref name="events"/> has come, or POLLERR and POLLHUP, which need not be asked for; 0 for nothing, or minus errno.</summary>
    public static int poll(int fd, short events, int timeout)
    {
        var one = new pollfd { fd = fd, events = events };
        int count = poll(new Span<pollfd>(ref one), timeout);
        return count > 0 ? one.revents : count;
    }

    /// <summary>Marks every descriptor from <paramref name="first"/> on close-on-exec: whoever started us may have left some open (close_range(2), Linux 5.11).</summary>
    public static int close_on_exec_from(int first) => (int)Result(syscall3(SYS_close_range, first, int.MaxValue, CLOSE_RANGE_CLOEXEC));

    public static int isatty(int fd) => tcgetattr(fd, out _) == 0 ? 1 : 0;

    public static int unlink(string path) => Result(_unlink(path));

    public static int chdir(string path) => Result(_chdir(path));

    public static int access(string path, int mode) => Result(_access(path, mode));

    [LibraryImport("libc", EntryPoint = "getpid")]
    public static partial int getpid();

    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint geteuid();

    [LibraryImport("libc", EntryPoint = "getegid")]
    public static partial uint getegid();

    public static int getsid(int pid) => Result(_getsid(pid));

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int _open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint _read(int fd, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint _write(int fd, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int _close(int fd);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int _fcntl(int fd, int command, nint argument);

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    private static partial int _pipe2(int* ends, int flags);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int _poll(pollfd* fds, nuint count, int timeout);

    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int _unlink(string path);

    [LibraryImport("libc", EntryPoint = "chdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int _chdir(string path);

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int _access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "getsid", SetLastError = true)]
    private static partial int _getsid(int pid);
}
