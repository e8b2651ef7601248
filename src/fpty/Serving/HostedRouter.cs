using Forkpty.Interop;
using Forkpty.Jail;
using Forkpty.Options;
using Forkpty.Upgrade;

namespace Forkpty.Serving;

/// <summary>The router in this process, until a signal ends it.</summary>
internal static class HostedRouter
{
    /// <summary>
    /// Serves until SIGTERM, SIGINT or SIGQUIT; SIGHUP reads the configuration again, SIGUSR2 goes on as the executable that is in the place of this one by then. The calling thread takes
    /// the signals, one after the other; it must be the only one that was started yet.
    /// </summary>
    /// <param name="configuration">What was read.</param>
    /// <param name="options">What it means.</param>
    /// <param name="nameOf">The name under which a socket goes to the next executable.</param>
    /// <param name="begun">What is to be done when it serves, before anybody is told that it does.</param>
    /// <param name="notifier">The service manager.</param>
    /// <param name="saved">What an executable before this one has left.</param>
    /// <param name="stored">What has outlived a router that was killed.</param>
    /// <exception cref="ListenException">A socket cannot be bound.</exception>
    /// <exception cref="JailException"><paramref name="begun"/> has failed; this process is to end.</exception>
    public static void Run(
        Configuration configuration, RouterOptions options, Func<BoundSocket, string> nameOf, Action begun, Notifier? notifier, StateReader? saved, IReadOnlyList<StoredSession> stored)
    {
        Signals.IgnoreFileLimit();
        ulong signals = Signals.Block(); // before anybody is told that we serve
        FileLimit.OfPrograms ??= FileLimit.Current;
        if (!configuration.Has(OptionTable.MaxFiles))
            FileLimit.Raise();

        var router = new Router(options, new TextLog())
        {
            UpgradeAsked = Signals.AskForUpgrade,
            Entrance = TargetEntrance.From(configuration),
            Store = notifier,
        };
        router.Adopt(stored);
        router.Start(saved);
        saved?.Dispose();
        try
        {
            begun();
        }
        catch
        {
            // And no more: what has outlived a router before stays with who holds it.
            foreach (BoundSocket socket in router.Sockets)
                socket.RemoveFile();
            throw;
        }

        notifier?.Notify("READY=1");
        for (int signal; (signal = Libc.sigwaitinfo(signals, out _)) is Libc.SIGHUP or Libc.SIGUSR2;)
        {
            if (signal == Libc.SIGHUP)
                configuration = ReadAgain(router, configuration);
            else
                BecomeAnother(router, configuration, nameOf, notifier);
        }

        notifier?.Notify("STOPPING=1");
        router.Stop(); // with the signals still blocked: a second one must not cut the end short
    }

    /// <summary>Whoever rotates logs renames the file and sends SIGHUP. Where the jail has another root, other mounts or another directory, its path may mean another file.</summary>
    private static void OpenLogAgain(Configuration configuration)
    {
        if ((configuration.Text(OptionTable.LogTo) ?? configuration.Text(OptionTable.Daemonize)) is not ['/', ..] log || configuration.Has(OptionTable.Chroot) || configuration.Words(OptionTable.Unshare).Contains("fs")) return;
        try
        {
            ProcessFiles.LogTo(log, waits: false);
        }
        catch (JailException refused)
        {
            TextLog.Write($"the log stays the file that it was: {refused.Message}");
        }
    }

    private static void BecomeAnother(Router router, Configuration configuration, Func<BoundSocket, string> nameOf, Notifier? notifier)
    {
        string refusal = Upgrade.Run(router, configuration, nameOf, notifier);
        TextLog.Write($"no upgrade, everything goes on as it was: {refusal}");
        router.RefuseUpgrade(refusal);
    }

    /// <returns>What counts from now on.</returns>
    private static Configuration ReadAgain(Router router, Configuration configuration)
    {
        try
        {
            Configuration files = configuration.ReadAgain();
            router.Reload(RouterSettings.From(files, binds: false));
            string kept = string.Join(", ", configuration.Differing(files).Where(option => !option.ReadAgain));
            if (kept.Length > 0)
                TextLog.Write($"a restart is needed for what else has changed: {kept}");
            Configuration again = configuration.WithReadAgain(files);
            OpenLogAgain(again);
            return again;
        }
        catch (Exception wrong) when (wrong is ConfigurationException or JailException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            TextLog.Write($"the configuration stays as it was: {wrong.Message}");
            return configuration;
        }
    }
}
