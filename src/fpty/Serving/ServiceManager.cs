using System.Globalization;
using Forkpty.Interop;
using Forkpty.Protocol;

namespace Forkpty.Serving;

/// <summary>What systemd and its like tell us: sd_listen_fds(3). What they want to be told: <see cref="Notifier"/>.</summary>
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

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : null;
}
