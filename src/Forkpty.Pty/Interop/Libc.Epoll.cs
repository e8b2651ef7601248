using System.Runtime.InteropServices;

namespace Forkpty.Interop;

// sys/epoll.h, sys/eventfd.h
internal static unsafe partial class Libc
{
    public const int EPOLL_CTL_ADD = 1;
    public const int EPOLL_CTL_DEL = 2;
    public const int EPOLL_CTL_MOD = 3;

    public const uint EPOLLIN = 0x001;
    public const uint EPOLLOUT = 0x004;
    public const uint EPOLLERR = 0x008;
    public const uint EPOLLHUP = 0x010;
    public const uint EPOLLRDHUP = 0x2000;
    public const uint EPOLLET = 1u << 31;

    private const int EPOLL_CLOEXEC = 0x80000;
    private const int EFD_CLOEXEC = 0x80000;
    private const int EFD_NONBLOCK = 0x800;

    /// <summary>struct epoll_event is packed to 12 bytes on x64 and has 16 everywhere else; the data stand after 4 or 8 bytes.</summary>
    public static readonly int epoll_event_size = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    private static readonly int epoll_data_offset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    public static int epoll_create1() => Result(_epoll_create1(EPOLL_CLOEXEC));

    public static int epoll_ctl(int epfd, int operation, int fd, uint events, ulong data)
    {
        byte* buffer = stackalloc byte[16];
        *(uint*)buffer = events;
        *(ulong*)(buffer + epoll_data_offset) = data;
        return Result(_epoll_ctl(epfd, operation, fd, buffer));
    }

    /// <summary>Waits for events; <paramref name="timeout"/> in milliseconds, -1 for ever. An interruption by a signal counts as no event.</summary>
    public static int epoll_wait(int epfd, Span<byte> events, int timeout)
    {
        fixed (byte* buffer = events)
        {
            int count = Result(_epoll_wait(epfd, buffer, events.Length / epoll_event_size, timeout));
            return count == -(int)Errno.EINTR ? 0 : count;
        }
    }

    /// <summary>The event at <paramref name="index"/> of what <see cref="epoll_wait"/> filled in.</summary>
    public static (uint Events, ulong Data) epoll_event(ReadOnlySpan<byte> events, int index)
    {
        ReadOnlySpan<byte> one = events.Slice(index * epoll_event_size, epoll_event_size);
        return (MemoryMarshal.Read<uint>(one), MemoryMarshal.Read<ulong>(one[epoll_data_offset..]));
    }

    public static int eventfd() => Result(_eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int _epoll_create1(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int _epoll_ctl(int epfd, int op, int fd, byte* ev);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int _epoll_wait(int epfd, byte* events, int maxevents, int timeout);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int _eventfd(uint initval, int flags);
}
