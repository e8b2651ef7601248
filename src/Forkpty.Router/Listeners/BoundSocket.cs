using System.Net;
using Forkpty.Interop;
using Forkpty.Protocol;

namespace Forkpty;

/// <summary>
/// A socket that is bound and listening. Made on its own, so that a process can bind before it gives up the privilege that needs it.
/// </summary>
public sealed class BoundSocket : IDisposable
{
    private const int DefaultBacklog = 100;

    private readonly ulong _inode;

    private BoundSocket(RouterAddress address, SafeFd socket, bool isTcp, ulong inode = 0)
    {
        Address = address;
        Socket = socket;
        IsTcp = isTcp;
        _inode = inode;
    }

    /// <summary>The address, as it was given.</summary>
    public RouterAddress Address { get; }

    /// <summary>The descriptor's number; it stays this object's.</summary>
    public int Descriptor => Socket.Value;

    internal SafeFd Socket { get; }

    internal bool IsTcp { get; }

    /// <summary>Binds an address and listens on it, or takes over a descriptor that does already.</summary>
    /// <param name="address">Where to listen. A TCP host must be numeric, <c>localhost</c> or empty.</param>
    /// <param name="options">Mode, owner and backlog; whether other machines may connect.</param>
    /// <exception cref="ListenException">Something else is there, or it is not allowed.</exception>
    public static BoundSocket Bind(RouterAddress address, SocketOptions options)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(options);
        return address switch
        {
            UnixAddress unix => BindPath(unix, options),
            AbstractAddress => Listen(address, options, SocketAddresses.Of(address)[0]),
            TcpAddress tcp => BindTcp(tcp, options),
            InheritedAddress inherited => Adopt(address, inherited.Descriptor, options),
            _ => throw new ListenException($"cannot listen on {address}: this kind of address is not known here"),
        };
    }

    /// <summary>Binds an address, and an abstract name once more as uWSGI's clients spell it, so that they find it too.</summary>
    /// <param name="address">Where to listen.</param>
    /// <param name="options">As for <see cref="Bind"/>.</param>
    /// <returns>One socket, or two.</returns>
    /// <exception cref="ListenException">Something else is there, or it is not allowed; then nothing is bound.</exception>
    public static IReadOnlyList<BoundSocket> BindAll(RouterAddress address, SocketOptions options)
    {
        BoundSocket socket = Bind(address, options);
        if (address is not AbstractAddress || SocketAddresses.Of(address) is not [_, byte[] ofUwsgi]) return [socket];
        try
        {
            return [socket, Listen(address, options, ofUwsgi)];
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Takes over a descriptor that is bound and listening.</summary>
    /// <param name="address">What to call it.</param>
    /// <param name="descriptor">The descriptor; this object's from now on.</param>
    /// <param name="options">Whether other machines may connect.</param>
    /// <exception cref="ListenException">The descriptor is no listening stream socket, or others can reach it and may not.</exception>
    public static BoundSocket Adopt(RouterAddress address, int descriptor, SocketOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (Libc.getsockopt(descriptor, Libc.SOL_SOCKET, Libc.SO_ACCEPTCONN, out int listening) < 0 || listening == 0)
            throw new ListenException($"cannot listen on {address}: descriptor {descriptor} is not a listening socket; pass one that is, as systemd's socket units do");
        Span<byte> name = stackalloc byte[128];
        int length = Libc.getsockname(descriptor, name);
        bool isTcp = length >= 2 && BitConverter.ToUInt16(name) is Libc.AF_INET or Libc.AF_INET6;
        if (isTcp && !options.AllowInsecureTcp && !IPAddress.IsLoopback(HostOf(name)))
            throw RefuseInsecure(address);
        // Once more: a client that asks the kernel who listens, to know when that process has ended, is told this one and not the one that has bound it.
        if (!isTcp || options.Backlog is not null)
            _ = Libc.listen(descriptor, options.Backlog ?? (address is InheritedAddress ? int.MaxValue : DefaultBacklog));
        _ = Libc.fcntl(descriptor, Libc.F_SETFD, Libc.FD_CLOEXEC);
        _ = Libc.fcntl(descriptor, Libc.F_SETFL, Libc.fcntl(descriptor, Libc.F_GETFL) | Libc.O_NONBLOCK);
        ulong inode = address is UnixAddress unix && Libc.lstat(unix.Path, out Libc.FileState state) == 0 && (state.Mode & Libc.S_IFMT) == Libc.S_IFSOCK ? state.Inode : 0;
        return new BoundSocket(address, new SafeFd(descriptor), isTcp, inode);
    }

    /// <summary>Removes the file of a UNIX socket, if it is still ours.</summary>
    public void RemoveFile() => RemoveFile(Address, _inode);

    /// <inheritdoc/>
    public void Dispose() => Socket.Dispose();

    private static void RemoveFile(RouterAddress address, ulong inode)
    {
        if (address is UnixAddress unix && inode != 0 && Libc.lstat(unix.Path, out Libc.FileState state) == 0 && state.Inode == inode)
            _ = Libc.unlink(unix.Path);
    }

    private static BoundSocket BindPath(UnixAddress address, SocketOptions options)
    {
        string path = address.Path;
        using SafeFd directory = LockDirectory(path);
        RemoveStale(path);
        return Listen(address, options, SocketAddresses.Of(address)[0]);
    }

    private static BoundSocket BindTcp(TcpAddress address, SocketOptions options)
    {
        if (address.Numeric is not { } host)
            throw new ListenException($"cannot listen on {address}: {address.Host} is a name; write the address of an interface, such as 127.0.0.1:{address.Port}");
        if (!IPAddress.IsLoopback(host) && !options.AllowInsecureTcp)
            throw RefuseInsecure(address);
        return Listen(address, options, SocketAddresses.Of(address)[0]);
    }

    private static BoundSocket Listen(RouterAddress address, SocketOptions options, byte[] name)
    {
        int family = BitConverter.ToUInt16(name);
        bool isPath = address is UnixAddress;
        int fd = Libc.socket(family, Libc.SOCK_STREAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC);
        var socket = new SafeFd(Check(fd, "socket", address));
        ulong inode = 0;
        try
        {
            if (family != Libc.AF_UNIX)
                Check(Libc.setsockopt(fd, Libc.SOL_SOCKET, Libc.SO_REUSEADDR, 1), "setsockopt(SO_REUSEADDR)", address);
            if (family == Libc.AF_INET6)
                Check(Libc.setsockopt(fd, Libc.IPPROTO_IPV6, Libc.IPV6_V6ONLY, 1), "setsockopt(IPV6_V6ONLY)", address);

            // The mode of the file is that of the socket, less the umask: set before there is a file, so at no moment more is allowed than was asked for.
            uint mode = (uint)(options.Mode ?? 0x180 /* 0600 */);
            if (isPath)
                Check(Libc.fchmod(fd, mode), "fchmod", address);
            Check(BindUnderMode(fd, name, widens: isPath && (mode & 0x3F) != 0), "bind", address);
            if (isPath)
                FinishFile((UnixAddress)address, options, out inode);
            Check(Libc.listen(fd, options.Backlog ?? DefaultBacklog), "listen", address);
            return new BoundSocket(address, socket, family != Libc.AF_UNIX, inode);
        }
        catch
        {
            RemoveFile(address, inode);
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The umask of the process would take away what group and others are to have, and a chmod of the path afterwards could be led elsewhere by who may write to the
    /// directory: so for the moment of the bind there is none.
    /// </summary>
    private static int BindUnderMode(int fd, byte[] name, bool widens)
    {
        if (!widens) return Libc.bind(fd, name);
        uint before = Libc.umask(0);
        int result = Libc.bind(fd, name);
        _ = Libc.umask(before);
        return result;
    }

    /// <summary>Sets the owner while nobody can connect yet, of the very file that was bound: whoever may write to the directory could have put another in its place.</summary>
    /// <param name="address">Where the file is.</param>
    /// <param name="options">Its owner.</param>
    /// <param name="inode">The file's inode, as soon as it is known to be ours.</param>
    private static void FinishFile(UnixAddress address, SocketOptions options, out ulong inode)
    {
        inode = 0;
        using var file = new SafeFd(Check(Libc.open(address.Path, Libc.O_PATH | Libc.O_NOFOLLOW | Libc.O_CLOEXEC), "open", address));
        Check(Libc.fstat(file.Value, out Libc.FileState state), "fstat", address);
        if ((state.Mode & Libc.S_IFMT) != Libc.S_IFSOCK || state.Uid != Libc.geteuid())
            throw new ListenException($"cannot listen on {address}: somebody has put something else in the place of the socket; choose a directory that only you can write to");
        inode = state.Inode;
        if (options.Uid is not null || options.Gid is not null)
            Check(Libc.fchown_path(file.Value, options.Uid ?? uint.MaxValue, options.Gid ?? uint.MaxValue), "chown", address);
    }

    /// <summary>Two routers that start at once must not both find a stale socket, and the second remove the first's new one.</summary>
    private static SafeFd LockDirectory(string path)
    {
        string directory = System.IO.Path.GetDirectoryName(path) is { Length: > 0 } name ? name : ".";
        var descriptor = new SafeFd(Libc.open(directory, Libc.O_RDONLY | Libc.O_CLOEXEC));
        if (descriptor.IsInvalid || Libc.fstat(descriptor.Value, out Libc.FileState state) < 0)
            throw new ListenException($"cannot listen on {path}: the directory {directory} cannot be opened; create it, or choose another");
        if ((state.Mode & 2) != 0 && (state.Mode & Libc.S_ISVTX) == 0)
        {
            descriptor.Dispose();
            throw new ListenException($"cannot listen on {path}: everybody may replace files in {directory}; take write permission from others, or set its sticky bit");
        }

        // Somebody may hold this lock for ever, so it is tried for a second only.
        for (int i = 0; i < 50 && Libc.flock(descriptor.Value, Libc.LOCK_EX | Libc.LOCK_NB) < 0; i++)
            _ = Libc.poll([], 20);
        return descriptor;
    }

    private static void RemoveStale(string path)
    {
        if (Libc.lstat(path, out Libc.FileState state) < 0) return;
        if ((state.Mode & Libc.S_IFMT) != Libc.S_IFSOCK)
            throw new ListenException($"cannot listen on {path}: there is {Kind(state.Mode)} with this name, which is not touched; remove it, or choose another path");
        if (IsListening(path))
            throw new ListenException($"cannot listen on {path}: another process listens there; stop it first, or choose another path");
        if (state.Uid != Libc.geteuid() && Libc.geteuid() != 0)
            throw new ListenException($"cannot listen on {path}: a socket that nobody serves is there, but it belongs to user {state.Uid}; have it removed, or choose another path");
        _ = Libc.unlink(path);
    }

    /// <summary>A probe of another socket type: one that is served answers EPROTOTYPE, and no connection, so no session, comes of it.</summary>
    private static bool IsListening(string path)
    {
        using var probe = new SafeFd(Libc.socket(Libc.AF_UNIX, Libc.SOCK_DGRAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC));
        return !probe.IsInvalid && Libc.connect(probe.Value, SocketAddresses.UnixPath(path)) != -(int)Errno.ECONNREFUSED;
    }

    private static string Kind(int mode) => (mode & Libc.S_IFMT) switch
    {
        Libc.S_IFLNK => "a symbolic link",
        Libc.S_IFDIR => "a directory",
        Libc.S_IFREG => "a regular file",
        _ => "something that is no socket",
    };

    private static IPAddress HostOf(ReadOnlySpan<byte> name) =>
        BitConverter.ToUInt16(name) == Libc.AF_INET ? new IPAddress(name.Slice(4, 4)) : new IPAddress(name.Slice(8, 16));

    private static ListenException RefuseInsecure(RouterAddress address) => new(
        $"refused to listen on {address}: whoever reaches this port gets a shell, without a password and unencrypted; listen on 127.0.0.1 or a UNIX socket, or set insecure-tcp if the network is yours");

    private static int Check(int result, string call, RouterAddress address) => result >= 0
        ? result
        : throw new ListenException($"cannot listen on {address}: {call}: {KernelException.Describe(result)}");
}
