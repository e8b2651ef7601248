using System.Globalization;
using Forkpty.Interop;
using Forkpty.Jail;
using Forkpty.Protocol;
using Forkpty.Upgrade;

namespace Forkpty.Serving;

/// <summary>What systemd and its like tell us: sd_listen_fds(3). What they want to be told: <see cref="Notifier"/>.</summary>
internal static class ServiceManager
{
    private const int FirstSocket = 3;

    /// <summary>The sockets we were started with and their names, where they are meant for this process.</summary>
    public static IReadOnlyList<(string Name, RouterAddress Address)> InheritedSockets()
    {
        List<(string, RouterAddress)> sockets = [];
        Inherited((name, descriptor) =>
        {
            if (!StoredSession.IsNameOfOne(name))
                sockets.Add((name, RouterAddress.Parse($"fd://{descriptor}")));
        });
        return sockets;
    }

    /// <summary>The sessions that were held for us, in the place of a router that was killed.</summary>
    /// <param name="handover">Where the next stage of the start gets them from, where there is one.</param>
    public static void KeepSessions(Handover handover) => Inherited((name, descriptor) =>
    {
        if (StoredSession.IsNameOfOne(name))
            handover.Keep(name, descriptor);
    });

    /// <summary>The same, to go on with here.</summary>
    /// <param name="store">Who has held them.</param>
    /// <param name="handover">What the stage before has kept, where there is one.</param>
    public static IReadOnlyList<StoredSession> TakeSessions(IDescriptorStore? store, Handover? handover = null)
    {
        List<string> names = [];
        List<int> descriptors = [];
        if (handover is null)
            Inherited(Add);
        foreach ((string name, int descriptor) in handover?.Descriptors ?? [])
            Add(name, descriptor);
        return StoredSession.Take(names, descriptors, store);

        void Add(string name, int descriptor)
        {
            if (!StoredSession.IsNameOfOne(name)) return;
            names.Add(name);
            descriptors.Add(descriptor);
        }
    }

    private static void Inherited(Action<string, int> each)
    {
        if (Number("LISTEN_PID") != Libc.getpid() || Number("LISTEN_FDS") is not (> 0 and <= 65_536 and int count)) return;
        string[] names = Environment.GetEnvironmentVariable("LISTEN_FDNAMES")?.Split(':') ?? [];
        for (int i = 0; i < count; i++)
            each(i < names.Length ? names[i] : "", FirstSocket + i);
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : null;
}
