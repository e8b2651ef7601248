using System.Runtime.InteropServices;

namespace Forkpty.Interop;

// sys/socket.h (descriptors as messages), sys/mman.h, sys/sendfile.h, unistd.h: what entering a target takes
internal static unsafe partial class Libc
{
    public const int SIGALRM = 14;
    public const int SIGSYS = 31;
    public const int CLONE_NEWTIME = 0x80;
    public const int RLIMITS = 16;

    private const int SCM_RIGHTS = 1;
    private const int MSG_CMSG_CLOEXEC = 0x40000000;
    private const uint MFD_CLOEXEC = 1;
    private const uint MFD_ALLOW_SEALING = 2;
    private const uint MFD_EXEC = 0x10;
    private const int F_ADD_SEALS = 1033;
    private const int AllSeals = 15; // F_SEAL_SEAL, _SHRINK, _GROW, _WRITE

    /// <summary>Descriptors that come or go with one message.</summary>
    private const int MostDescriptors = 6;

    [StructLayout(LayoutKind.Sequential)]
    private struct iovec
    {
        public byte* iov_base;
        public nuint iov_len;
    }

    /// <summary>The layout of both C libraries on 64 bits, little endian.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct msghdr
    {
        public void* msg_name;
        public uint msg_namelen;
        public iovec* msg_iov;
        public nuint msg_iovlen;
        public void* msg_control;
        public nuint msg_controllen;
        public int msg_flags;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct RightsMessage
    {
        public nuint cmsg_len;
        public int cmsg_level;
        public int cmsg_type;
        public fixed int descriptors[MostDescriptors];
    }

    /// <summary>Two connected stream sockets, close-on-exec.</summary>
    public static int socketpair(out int one, out int other)
    {
        int* ends = stackalloc int[2];
        int result = Result(_socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends));
        (one, other) = result < 0 ? (-1, -1) : (ends[0], ends[1]);
        return result;
    }

    /// <summary>Sends bytes, and up to 6 descriptors with them; without SIGPIPE.</summary>
    public static nint send_with_descriptors(int fd, ReadOnlySpan<byte> bytes, ReadOnlySpan<int> descriptors)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(descriptors.Length, MostDescriptors);
        RightsMessage rights = new() { cmsg_len = (nuint)(16 + (descriptors.Length * sizeof(int))), cmsg_level = SOL_SOCKET, cmsg_type = SCM_RIGHTS };
        for (int i = 0; i < descriptors.Length; i++)
            rights.descriptors[i] = descriptors[i];
        fixed (byte* start = bytes)
        {
            iovec part = new() { iov_base = start, iov_len = (nuint)bytes.Length };
            msghdr message = new() { msg_iov = &part, msg_iovlen = 1, msg_control = &rights, msg_controllen = rights.cmsg_len };
            nint count;
            do count = Result(_sendmsg(fd, &message, MSG_NOSIGNAL));
            while (count == -(nint)Errno.EINTR);
            return count;
        }
    }

    /// <summary>Receives bytes, and a descriptor where one comes with them (else -1), close-on-exec.</summary>
    public static nint receive_with_descriptor(int fd, Span<byte> bytes, out int descriptor)
    {
        RightsMessage rights = default;
        descriptor = -1;
        fixed (byte* start = bytes)
        {
            iovec part = new() { iov_base = start, iov_len = (nuint)bytes.Length };
            msghdr message = new() { msg_iov = &part, msg_iovlen = 1, msg_control = &rights, msg_controllen = 24 };
            nint count;
            do count = Result(_recvmsg(fd, &message, MSG_CMSG_CLOEXEC));
            while (count == -(nint)Errno.EINTR);
            if (count > 0 && message.msg_controllen >= 20 && rights.cmsg_len == 20 && rights.cmsg_type == SCM_RIGHTS)
                descriptor = rights.descriptors[0];
            return count;
        }
    }

    /// <summary>A program in memory, close-on-exec, that can be sealed and executed.</summary>
    public static int memfd_create_executable(string name)
    {
        int fd = Result(_memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC));
        return fd == -(int)Errno.EINVAL ? Result(_memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING)) : fd; // MFD_EXEC: Linux 6.3
    }

    /// <summary>From here on nobody can change a file in memory, this process neither; fcntl(2), F_ADD_SEALS.</summary>
    public static int seal(int fd) => Result(_fcntl(fd, F_ADD_SEALS, AllSeals));

    /// <summary>The program of enter.c, which is linked into fpty (embed.c); there is none in a program that is not.</summary>
    public static ReadOnlySpan<byte> entry_helper()
    {
        int length = (int)_fpty_entry_helper(out byte* program);
        return new ReadOnlySpan<byte>(program, length);
    }

    /// <summary>Copies from one file into another within the kernel; how much, 0 at the end.</summary>
    public static nint sendfile(int to, int from, nint count) => Result(_sendfile(to, from, null, count));

    public static int fchown(int fd, uint uid, uint gid) => Result(_fchown(fd, uid, gid));

    [LibraryImport("libc", EntryPoint = "socketpair", SetLastError = true)]
    private static partial int _socketpair(int family, int type, int protocol, int* ends);

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    private static partial nint _sendmsg(int fd, msghdr* message, int flags);

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    private static partial nint _recvmsg(int fd, msghdr* message, int flags);

    [LibraryImport("libc", EntryPoint = "fpty_entry_helper")]
    private static partial nint _fpty_entry_helper(out byte* program);

    [LibraryImport("libc", EntryPoint = "sendfile", SetLastError = true)]
    private static partial nint _sendfile(int to, int from, long* offset, nint count);

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    private static partial int _fchown(int fd, uint uid, uint gid);
}
