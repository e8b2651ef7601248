using System.Runtime.InteropServices;

namespace Forkpty.Interop;

// sys/socket.h: who is at the other end of a UNIX socket
internal static unsafe partial class Libc
{
    [StructLayout(LayoutKind.Sequential)]
    public struct ucred
    {
        public int pid;
        public uint uid;
        public uint gid;
    }

    /// <summary>Who called connect(2), or listen(2), at the other end; SO_PEERCRED of unix(7). Pid 0 and ids of all ones for a socket of another family.</summary>
    public static int getsockopt_peercred(int fd, out ucred peer)
    {
        ucred got = default;
        uint length = (uint)sizeof(ucred);
        int result = Result(_getsockopt(fd, SOL_SOCKET, SO_PEERCRED, (int*)&got, &length));
        peer = got;
        return result;
    }
}
