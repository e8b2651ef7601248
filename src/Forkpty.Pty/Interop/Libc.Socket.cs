using System.Runtime.InteropServices;

namespace Forkpty.Interop;

// sys/socket.h, sys/un.h, netinet/in.h, netinet/tcp.h
internal static unsafe partial class Libc
{
    public const int AF_UNIX = 1;
    public const int AF_INET = 2;
    public const int AF_INET6 = 10;
    public const int SOCK_STREAM = 1;
    public const int SOCK_DGRAM = 2;
    public const int SOCK_NONBLOCK = 0x800;
    public const int SOCK_CLOEXEC = 0x80000;
    public const int SHUT_WR = 1;
    public const int SOL_SOCKET = 1;
    public const int SO_REUSEADDR = 2;
    public const int SO_ERROR = 4;
    public const int SO_KEEPALIVE = 9;
    public const int SO_PEERCRED = 17;
    public const int SO_ACCEPTCONN = 30;
    public const int IPPROTO_TCP = 6;
    public const int TCP_NODELAY = 1;
    public const int IPPROTO_IPV6 = 41;
    public const int IPV6_V6ONLY = 26;
    private const int MSG_NOSIGNAL = 0x4000;

    public static int socket(int family, int type) => Result(_socket(family, type, 0));

    public static int bind(int fd, ReadOnlySpan<byte> address)
    {
        fixed (byte* p = address) return Result(_bind(fd, p, (uint)address.Length));
    }

    public static int listen(int fd, int backlog) => Result(_listen(fd, backlog));

    /// <summary>What every TCP connection of ours has: a keystroke is a segment, and a host that has vanished is noticed after some time.</summary>
    public static void set_tcp_options(int socket)
    {
        _ = setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, 1);
        _ = setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
    }

    /// <summary>Accepts a connection, non-blocking and close-on-exec.</summary>
    public static int accept4(int fd)
    {
        int result;
        do result = Result(_accept4(fd, null, null, SOCK_NONBLOCK | SOCK_CLOEXEC));
        while (result == -(int)Errno.EINTR);
        return result;
    }

    public static int connect(int fd, ReadOnlySpan<byte> address)
    {
        fixed (byte* p = address)
        {
            int result;
            do result = Result(_connect(fd, p, (uint)address.Length));
            while (result == -(int)Errno.EINTR);
            return result;
        }
    }

    /// <summary>Sends without SIGPIPE.</summary>
    public static nint send(int fd, ReadOnlySpan<byte> buffer)
    {
        fixed (byte* p = buffer)
        {
            nint count;
            do count = Result(_send(fd, p, buffer.Length, MSG_NOSIGNAL));
            while (count == -(nint)Errno.EINTR);
            return count;
        }
    }

    public static int shutdown(int fd, int how) => Result(_shutdown(fd, how));

    public static int setsockopt(int fd, int level, int option, int value) => Result(_setsockopt(fd, level, option, &value, sizeof(int)));

    public static int getsockopt(int fd, int level, int option, out int value)
    {
        int got = 0;
        uint length = sizeof(int);
        int result = Result(_getsockopt(fd, level, option, &got, &length));
        value = got;
        return result;
    }

    /// <summary>The address a socket is bound to: its length, and the bytes of its sockaddr in <paramref name="address"/>.</summary>
    public static int getsockname(int fd, Span<byte> address)
    {
        uint length = (uint)address.Length;
        fixed (byte* p = address)
        {
            int result = Result(_getsockname(fd, p, &length));
            return result < 0 ? result : (int)Math.Min(length, (uint)address.Length);
        }
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int _socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static partial int _bind(int fd, byte* address, uint length);

    [LibraryImport("libc", EntryPoint = "listen", SetLastError = true)]
    private static partial int _listen(int fd, int backlog);

    [LibraryImport("libc", EntryPoint = "accept4", SetLastError = true)]
    private static partial int _accept4(int fd, byte* address, uint* length, int flags);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    private static partial int _connect(int fd, byte* address, uint length);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static partial nint _send(int fd, byte* buffer, nint count, int flags);

    [LibraryImport("libc", EntryPoint = "shutdown", SetLastError = true)]
    private static partial int _shutdown(int fd, int how);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static partial int _setsockopt(int fd, int level, int option, int* value, uint length);

    [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    private static partial int _getsockopt(int fd, int level, int option, int* value, uint* length);

    [LibraryImport("libc", EntryPoint = "getsockname", SetLastError = true)]
    private static partial int _getsockname(int fd, byte* address, uint* length);
}
