using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Forkpty.Interop;
using Forkpty.Protocol;

namespace Forkpty.Client;

/// <summary>A connection to a router: one non-blocking socket.</summary>
internal sealed class RouterConnection : IDisposable
{
    /// <summary>
    /// Milliseconds between the close of a killed router's sockets and its end, which a session's end in plain bytes costs too. The kernel does one right before the other: 0.8 ms at most in 800 tries. But who
    /// connected while the router started has the one around it as peer, which had bound the socket: with a pid namespace that one ends up to 14 ms later.
    /// </summary>
    private const int EndOfProcess = 30;

    // A router that has heard nothing for 0.1 s takes us for a client of uWSGI.
    private static readonly TimeSpan OfferTime = TimeSpan.FromMilliseconds(80);

    /// <summary>How often the protocol is offered at most, each time on a new connection, where the offer was late.</summary>
    public const int MostOffers = 4;

    private long _begun; // nobody can have accepted it before
    private readonly SafeFd _socket;
    private readonly byte[] _address;
    private readonly SafeFd? _router;

    private RouterConnection(SafeFd socket, byte[] address, long begun)
    {
        _begun = begun;
        _socket = socket;
        _address = address;
        IsTcp = FamilyOf(address) != Libc.AF_UNIX;
        _router = IsTcp ? null : PeerCredentials.Of(socket)?.Open();
    }

    /// <summary>
    /// Whether the router's process is gone. On the wire the end of a router looks like the end of a session; over a UNIX socket the kernel
    /// tells who listens. False where it cannot be known.
    /// </summary>
    public bool HasRouterEnded =>
        _router is not null && Libc.poll(_router.Value, Libc.POLLIN, EndOfProcess) > 0;

    public int Descriptor => _socket.Value;

    public bool IsTcp { get; }

    /// <summary>Whether so much time has gone by since the attempt to connect that an offer of the session protocol may come too late.</summary>
    public bool IsLateForOffer => Stopwatch.GetElapsedTime(_begun) > OfferTime;

    /// <summary>The attempt to connect has succeeded. Over TCP that comes before anybody can accept it; a UNIX socket may be accepted before connect(2) returns.</summary>
    public void Connected()
    {
        if (IsTcp) _begun = Stopwatch.GetTimestamp();
    }

    /// <summary>Bytes sent that the peer has not read; over TCP, that its kernel has not acknowledged.</summary>
    public int Unread => Math.Max(0, Libc.ioctl_TIOCOUTQ(_socket.Value));

    /// <summary>Receives what is there: a number of bytes, 0 at the end, or minus errno.</summary>
    public nint Receive(Span<byte> buffer) => Libc.read(_socket.Value, buffer);

    /// <summary>Sends what is taken at once: a number of bytes, or minus errno.</summary>
    public nint Send(ReadOnlySpan<byte> bytes) => Libc.send(_socket.Value, bytes);

    /// <summary>Begins a new connection to the same address, and waits for nothing: it is there when it can be written to and <see cref="HasFailed"/> is false. Null where it failed at once.</summary>
    public RouterConnection? TryReopen()
    {
        long begun = Stopwatch.GetTimestamp();
        var socket = new SafeFd(Libc.socket(FamilyOf(_address), Libc.SOCK_STREAM | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK));
        int error = socket.IsInvalid ? -1 : Libc.connect(socket.Value, _address);
        if (error >= 0 || error == -(int)Errno.EINPROGRESS) return Prepare(socket, _address, begun);
        socket.Dispose();
        return null;
    }

    /// <summary>Whether the attempt to connect has failed, once the socket is ready.</summary>
    public bool HasFailed() => Libc.getsockopt(_socket.Value, Libc.SOL_SOCKET, Libc.SO_ERROR, out int error) < 0 || error != 0;

    public void Dispose()
    {
        _socket.Dispose();
        _router?.Dispose();
    }

    /// <summary>Connects. The answer is the connection, or a sentence that says why there is none and what to do.</summary>
    public static RouterConnection? TryOpen(RouterAddress address, out string? sentence)
    {
        if (!TryResolve(address, out IReadOnlyList<byte[]>? candidates, out sentence)) return null;

        int error = 0;
        foreach (byte[] candidate in candidates)
        {
            var socket = new SafeFd(KernelException.Check(
                Libc.socket(FamilyOf(candidate), Libc.SOCK_STREAM | Libc.SOCK_CLOEXEC), "socket", address.ToString()));

            // Blocking while it connects, so that a full backlog waits and Ctrl-C ends it as it ends any program.
            long begun = Stopwatch.GetTimestamp();
            error = Libc.connect(socket.Value, candidate);
            if (error >= 0)
            {
                RouterConnection connection = Prepare(socket, candidate, begun);
                connection.Connected();
                return connection;
            }

            socket.Dispose();
        }

        sentence = Refusal(address, (Errno)(-error));
        return null;
    }

    private static int FamilyOf(byte[] address) => BitConverter.ToUInt16(address);

    private static RouterConnection Prepare(SafeFd socket, byte[] address, long begun)
    {
        int flags = Libc.fcntl(socket.Value, Libc.F_GETFL);
        KernelException.Check(Libc.fcntl(socket.Value, Libc.F_SETFL, flags | Libc.O_NONBLOCK), "fcntl", "the router's socket");
        if (FamilyOf(address) != Libc.AF_UNIX)
            Libc.set_tcp_options(socket.Value);
        return new RouterConnection(socket, address, begun);
    }

    private static bool TryResolve(
        RouterAddress address, [NotNullWhen(true)] out IReadOnlyList<byte[]>? candidates, [NotNullWhen(false)] out string? sentence)
    {
        sentence = null;
        candidates = address is TcpAddress { Numeric: null } named ? Named(named) : SocketAddresses.Of(address);
        if (candidates.Count > 0) return true;

        sentence = address is TcpAddress unknown
            ? $"cannot connect to {address}: the name {unknown.Host} has no address; check its spelling, or write the numeric address"
            : $"cannot connect to {address}: a descriptor is for a router to listen on; write the path or host:port of the router";
        return false;
    }

    private static byte[][] Named(TcpAddress tcp)
    {
        _ = Libc.getaddrinfo(tcp.Host, tcp.Port.ToString(CultureInfo.InvariantCulture), out byte[][] addresses);
        return addresses;
    }

    private static string Refusal(RouterAddress address, Errno error)
    {
        string reason = error switch
        {
            Errno.ENOENT => "there is no such socket; check the path, and that the router is running",
            Errno.ECONNREFUSED when address is UnixAddress => "nobody listens there, the socket is left over from a router that has ended; start the router",
            Errno.ECONNREFUSED => "nobody listens there; check the address, and that the router is running",
            Errno.EACCES or Errno.EPERM => "permission denied; ask who runs the router for access (chmod-socket, chown-socket), or run as its user",
            Errno.ENOTSOCK => "it is no socket; give the path of the router's socket",
            Errno.ENOTDIR => "a part of the path is no directory; check the path",
            Errno.EPROTOTYPE => "it is a socket of another type; give the path of the router's socket",
            Errno.ETIMEDOUT => "no answer; check the address and the firewalls on the way",
            Errno.ENETUNREACH or Errno.EHOSTUNREACH => "the network does not reach it; check the address and the route",
            _ => "check the address, and that the router is running",
        };
        return $"cannot connect to {address}: {reason} (connect: {KernelException.Describe((int)error)})";
    }
}
