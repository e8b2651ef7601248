using Forkpty.Interop;

namespace Forkpty;

/// <summary>
/// Who is at the other end of a connection on a UNIX socket, as the kernel noted it when the connection was made: the process may have given the
/// socket to another, have changed its ids, or have ended since; SO_PEERCRED of unix(7).
/// </summary>
/// <param name="Pid">The process; 0 where it is in a pid namespace that ours does not see.</param>
/// <param name="Uid">Its effective user.</param>
/// <param name="Gid">Its effective group.</param>
internal readonly record struct PeerCredentials(int Pid, uint Uid, uint Gid)
{
    /// <summary>The peer of a connected socket; null where the kernel does not know it: on TCP, or where nobody is connected.</summary>
    public static PeerCredentials? Of(SafeFd socket)
    {
        using SafeFd.Lease held = socket.Hold();
        return Libc.getsockopt_peercred(held.Value, out Libc.ucred peer) == 0 && peer.uid != Libc.unchanged_id
            ? new PeerCredentials(peer.pid, peer.uid, peer.gid)
            : null;
    }

    /// <summary>
    /// A descriptor for the peer, readable once it has ended; null where it has ended, is not visible or no descriptor is left. The number may be another's if
    /// the peer ended right after it connected: good to watch by, not to decide by.
    /// </summary>
    public SafeFd? Open() => Pid > 0 && Libc.pidfd_open(Pid) is >= 0 and int fd ? new SafeFd(fd) : null;
}
