using System.Globalization;
using System.Text;
using Forkpty.Interop;
using Forkpty.Protocol;

namespace Forkpty.Serving;

/// <summary>What systemd and its like tell us and want to be told: sd_listen_fds(3), sd_notify(3).</summary>
internal static class ServiceManager
{
    private const int FirstSocket = 3;

    /// <summary>The sockets we were started with and their names, where they are meant for this process.</summary>
    public static IReadOnlyList<(string Name, RouterAddress Address)> InheritedSockets()
    {
        if (Number("LISTEN_PID") != Libc.getpid() || Number("LISTEN_FDS") is not (> 0 and <= 4096 and int count)) return [];
        string[] names = Environment.GetEnvironmentVariable("LISTEN_FDNAMES")?.Split(':') ?? [];
        return [.. Enumerable.Range(0, count).Select(i => (i < names.Length ? names[i] : "", RouterAddress.Parse($"fd://{FirstSocket + i}")))];
    }

    /// <summary>Tells that the router serves, stops, or reads its configuration again.</summary>
    public static void Notify(string state)
    {
        if (!RouterAddress.TryParse(Environment.GetEnvironmentVariable("NOTIFY_SOCKET"), out RouterAddress? address, out _) || address is not (UnixAddress or AbstractAddress)) return;
        using var socket = new SafeFd(Libc.socket(Libc.AF_UNIX, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK));
        if (!socket.IsInvalid && Libc.connect(socket.Value, SocketAddresses.Of(address)[0]) == 0)
            _ = Libc.send(socket.Value, Encoding.UTF8.GetBytes(state));
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : null;
}
