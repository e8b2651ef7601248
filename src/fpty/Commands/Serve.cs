using Forkpty.Jail;
using Forkpty.Options;
using Forkpty.Protocol;
using Forkpty.Serving;
using Forkpty.Upgrade;

namespace Forkpty.Commands;

/// <summary>
/// <c>fpty serve</c>: sockets are bound and logs opened here, on the host; where a jail is asked for, fpty then starts itself again inside
/// (<see cref="Resume"/>) and finds them open.
/// </summary>
internal static class Serve
{
    private const string RawName = "raw";
    private const string UwsgiName = "uwsgi";
    private const string StatisticsName = "statistics";
    private const string SharedName = "shared";

    public static int Run(CommandLine line, IReadOnlyList<string> arguments, Daemon? daemon)
    {
        Signals.IgnoreFileLimit();
        Configuration configuration = line.Configuration;
        RouterOptions options = WithInheritedSockets(RouterSettings.From(configuration));
        if (options.Listeners.Count == 0 && options.SharedTerminal is null)
            options = options with { Listeners = [new ListenOptions(DefaultAddress.ForRouter(), WireMode.Uwsgi)] };
        if (daemon is null && configuration.Text(OptionTable.Daemonize) is { } log)
            return Daemon.Start(arguments, log) is null ? ExitStatus.Failed : ExitStatus.Fine;

        return Placed(configuration, () => Begin(configuration, options, daemon));
    }

    private static int Begin(Configuration configuration, RouterOptions options, Daemon? daemon)
    {
        if (configuration.Text(OptionTable.LogTo) is { } file)
            ProcessFiles.LogTo(file);

        JailOptions jail = JailSettings.From(configuration);
        using Notifier? notifier = Notifier.FromEnvironment();
        if (!Confinement.IsNeeded(jail))
            return Host(configuration, options, daemon, notifier, saved: null, ServiceManager.TakeSessions(notifier), OptionTable.PidFile, OptionTable.PidFileAsUser);

        List<BoundSocket> sockets = [];
        try
        {
            using Handover handover = HandOver(configuration, options, sockets);
            ServiceManager.KeepSessions(handover);
            daemon?.Keep(handover);
            notifier?.Keep(handover);

            // By now no other router listens there, whose file it would be; the hooks of the jail can go by it.
            WritePid(configuration, OptionTable.PidFile);
            Confinement.Begin(jail, handover);
        }
        finally
        {
            // Only after a failure; until then the list also keeps the sockets from being collected, and so closed.
            foreach (BoundSocket socket in sockets)
                socket.RemoveFile();
        }

        return ExitStatus.Failed; // not reached: it becomes the next stage, or throws
    }

    /// <summary>A later stage of the start, in the jail or on the way into it.</summary>
    public static int Resume(IReadOnlyList<string> arguments, out Daemon? daemon)
    {
        using Handover handover = Stage.Receive(arguments);
        Daemon? waiting = daemon = Daemon.Find(handover);
        Configuration configuration = Configuration.ReadFrom(new MemoryStream(handover.Configuration.ToArray()));
        JailOptions jail = JailSettings.From(configuration);
        using Notifier? notifier = Notifier.Find(handover);
        return Placed(configuration, () =>
        {
            if (Stage.Is(arguments, Stage.Confine))
                Confinement.Enter(jail, handover);
            Confinement.Arrive(jail);
            FileLimit.OfPrograms = handover.OriginalLimit;
            StateReader? saved = handover.Find(Serving.Upgrade.StateName) is >= 0 and int state ? new StateReader(state) : null;
            Option[] pidFiles = saved is null ? [OptionTable.PidFileAsUser] : []; // after an upgrade the process is the same
            return Host(configuration, WithDescriptors(RouterSettings.From(configuration, binds: false), handover), waiting, notifier, saved, ServiceManager.TakeSessions(notifier, handover), pidFiles);
        });
    }

    private static int Placed(Configuration configuration, Func<int> start)
    {
        try
        {
            return start();
        }
        catch (Exception wrong) when (wrong is JailException or ListenException)
        {
            throw new JailException(configuration.Placed(wrong.Message));
        }
    }

    private static int Host(
        Configuration configuration, RouterOptions options, Daemon? daemon, Notifier? notifier, StateReader? saved, IReadOnlyList<StoredSession> stored, params Option[] pidFiles)
    {
        HostedRouter.Run(configuration, options, NameOf, Begun, notifier, saved, stored);
        foreach (Option option in (Option[])[OptionTable.PidFile, OptionTable.PidFileAsUser])
        {
            if (configuration.Text(option) is { } pidFile)
                ProcessFiles.RemovePid(pidFile);
        }

        daemon?.RemoveTrial();

        return ExitStatus.Fine;

        void Begun()
        {
            foreach (Option option in pidFiles)
                WritePid(configuration, option);
            daemon?.Ready();
        }

        string NameOf(BoundSocket socket)
        {
            foreach ((string name, RouterAddress address) in Sockets(options))
            {
                if (address == socket.Address)
                    return $"{name} {address}";
            }

            throw new ArgumentException($"nobody has asked to listen on {socket.Address}");
        }
    }

    private static void WritePid(Configuration configuration, Option option)
    {
        if (configuration.Text(option) is { } file)
            ProcessFiles.WritePid(file, option.Name);
    }

    /// <summary>Sockets of a service manager are served in uwsgi mode, unless their name (FileDescriptorName=) says "raw", "stats" or "pty", or an option names them as fd://N.</summary>
    private static RouterOptions WithInheritedSockets(RouterOptions options)
    {
        foreach ((string name, RouterAddress address) in ServiceManager.InheritedSockets())
        {
            if (options.Listeners.Any(listen => listen.Address == address) || options.Statistics?.Address == address || options.SharedTerminal?.Address == address)
                continue;
            options = name switch
            {
                "stats" => options with { Statistics = new ListenOptions(address, WireMode.Raw) },
                "pty" => options with { SharedTerminal = new SharedTerminalOptions(address) },
                _ => options with { Listeners = [.. options.Listeners, new ListenOptions(address, name == "raw" ? WireMode.Raw : WireMode.Uwsgi)] },
            };
        }

        return options;
    }

    /// <summary>Binds every socket, and puts it with the configuration into what the next stage gets.</summary>
    private static Handover HandOver(Configuration configuration, RouterOptions options, List<BoundSocket> bound)
    {
        Handover handover = Handover.Create(configuration.ToBytes());
        foreach ((string name, RouterAddress address) in Sockets(options))
        {
            foreach (BoundSocket socket in BoundSocket.BindAll(address, options.Sockets))
            {
                bound.Add(socket);
                handover.Keep($"{name} {address}", socket.Descriptor);
            }
        }

        return handover;
    }

    private static IEnumerable<(string Name, RouterAddress Address)> Sockets(RouterOptions options)
    {
        foreach (ListenOptions listen in options.Listeners)
            yield return (listen.Mode == WireMode.Raw ? RawName : UwsgiName, listen.Address);
        if (options.Statistics is { } statistics)
            yield return (StatisticsName, statistics.Address);
        if (options.SharedTerminal is { } shared)
            yield return (SharedName, shared.Address);
    }

    /// <summary>The sockets as they were bound, by the names they were kept under: those of a service manager are in no configuration.</summary>
    private static RouterOptions WithDescriptors(RouterOptions options, Handover handover)
    {
        options = options with { Listeners = [], Statistics = null };
        foreach ((string name, int descriptor) in handover.Descriptors)
        {
            string[] parts = name.Split(' ', 2);
            if (parts.Length < 2 || handover.FindAll(name) is not [int first, ..] all || first != descriptor) continue; // the second one of an abstract address comes with the first
            RouterAddress address = RouterAddress.Parse(parts[1]);
            options = parts[0] switch
            {
                StatisticsName => options with { Statistics = new ListenOptions(address, WireMode.Raw) { Descriptors = all } },
                SharedName => options with { SharedTerminal = (options.SharedTerminal ?? new SharedTerminalOptions(address)) with { Descriptors = all } },
                _ => options with { Listeners = [.. options.Listeners, new ListenOptions(address, parts[0] == RawName ? WireMode.Raw : WireMode.Uwsgi) { Descriptors = all }] },
            };
        }

        return options;
    }
}
