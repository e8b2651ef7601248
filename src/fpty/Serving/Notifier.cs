using System.Text;
using Forkpty.Interop;
using Forkpty.Jail;
using Forkpty.Protocol;
using Forkpty.Upgrade;

namespace Forkpty.Serving;

/// <summary>
/// Tells a service manager how far we are: sd_notify(3). Its socket is connected on the host, because no path leads to it out of a jail, and goes on to every stage.
/// </summary>
internal sealed class Notifier : IDescriptorStore, IDisposable
{
    /// <summary>Milliseconds that a lane waits for who does not read.</summary>
    private const int Patience = 100;

    private readonly SafeFd _socket;
    private volatile bool _isDeaf;

    private Notifier(int descriptor) => _socket = new SafeFd(descriptor);

    /// <summary>The service manager that NOTIFY_SOCKET names, or null.</summary>
    public static Notifier? FromEnvironment()
    {
        if (!RouterAddress.TryParse(Environment.GetEnvironmentVariable("NOTIFY_SOCKET"), out RouterAddress? address, out _) || address is not (UnixAddress or AbstractAddress))
            return null;
        int socket = Libc.socket(Libc.AF_UNIX, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK);
        if (socket < 0) return null;
        var notifier = new Notifier(socket);
        if (Libc.connect(socket, SocketAddresses.Of(address)[0]) == 0) return notifier;
        notifier.Dispose();
        return null;
    }

    /// <summary>In a later stage: out of a hand-over, or null.</summary>
    public static Notifier? Find(Handover handover) => handover.Find(NoticeRelay.Name) is >= 0 and int descriptor ? new Notifier(descriptor) : null;

    /// <summary>Lets it go on to the next stage.</summary>
    public void Keep(Handover handover) => handover.Keep(NoticeRelay.Name, _socket.Value);

    /// <summary>Says one thing, such as <c>READY=1</c>.</summary>
    public void Notify(string state)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(state + "\n");
        while (Libc.write(_socket.Value, bytes) == -(nint)Errno.EAGAIN && IsHeard())
        {
        }
    }

    /// <summary>
    /// Has descriptors held by the service manager, if it holds any for us: FileDescriptorStoreMax= of systemd.service(5), FDSTORE of sd_pid_notify_with_fds(3). FDPOLL=0: it would drop a terminal
    /// that nobody has open at the moment.
    /// </summary>
    public void Add(string name, ReadOnlySpan<int> descriptors)
    {
        byte[] bytes = Encoding.UTF8.GetBytes($"FDSTORE=1\nFDNAME={name}\nFDPOLL=0\n");
        while (Libc.send_with_descriptors(_socket.Value, bytes, descriptors) == -(nint)Errno.EAGAIN && IsHeard())
        {
        }
    }

    /// <summary>Has them closed.</summary>
    public void Remove(string name) => Notify($"FDSTOREREMOVE=1\nFDNAME={name}");

    public void Dispose() => _socket.Dispose();

    /// <summary>The queue of who listens is full (10 messages, net.unix.max_dgram_qlen): waits until there is room, and for nobody a second time who does not read.</summary>
    private bool IsHeard()
    {
        bool isHeard = Libc.poll(_socket.Value, Libc.POLLOUT, _isDeaf ? 0 : Patience) > 0;
        _isDeaf = !isHeard;
        return isHeard;
    }
}
