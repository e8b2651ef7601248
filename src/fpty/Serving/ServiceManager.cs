using System.Globalization;
using Forkpty.Interop;
using Forkpty.Protocol;
using Forkpty.Upgrade;

namespace Forkpty.Serving;

/// <summary>What systemd and its like tell us: sd_listen_fds(3). What they want to be told: <see cref="Notifier"/>.</summary>
internal static class ServiceManager
{
    private const int FirstSocket = 3;

    /// <summary>The sockets we were started with and their names, where they are meant for this process.</summary>
    public static IReadOnlyList<(string Name, RouterAddress Address)> InheritedSockets() =>
        [.. Inherited().Where(static each => !StoredSession.IsNameOfOne(each.Name)).Select(static each => (each.Name, RouterAddress.Parse($"fd://{each.Descriptor}")))];

    /// <summary>The descriptors of sessions that were held for us, in the place of a router that was killed.</summary>
    public static IEnumerable<(string Name, int Descriptor)> StoredDescriptors() => Inherited().Where(static each => StoredSession.IsNameOfOne(each.Name));

    private static IEnumerable<(string Name, int Descriptor)> Inherited()
    {
        if (Number("LISTEN_PID") != Libc.getpid() || Number("LISTEN_FDS") is not (> 0 and <= 65_536 and int count)) return [];
        string[] names = Environment.GetEnvironmentVariable("LISTEN_FDNAMES")?.Split(':') ?? [];
        return Enumerable.Range(0, count).Select(i => (i < names.Length ? names[i] : "", FirstSocket + i));
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : null;
}
