using System.Runtime.InteropServices;
using Forkpty.Interop;
using Forkpty.Jail;
using Forkpty.Options;
using Forkpty.Upgrade;

namespace Forkpty.Serving;

/// <summary>The router in this process, until a signal ends it.</summary>
internal static class HostedRouter
{
    /// <summary>Serves until SIGTERM, SIGINT or SIGQUIT; SIGHUP reads the configuration again, SIGUSR2 goes on as the executable that is in the place of this one by then.</summary>
    /// <param name="configuration">What was read.</param>
    /// <param name="options">What it means.</param>
    /// <param name="nameOf">The name under which a socket goes to the next executable.</param>
    /// <param name="daemon">Who waits for us in the foreground.</param>
    /// <param name="notifier">The service manager.</param>
    /// <param name="saved">What an executable before this one has left.</param>
    /// <param name="stored">What has outlived a router that was killed.</param>
    /// <exception cref="ListenException">A socket cannot be bound.</exception>
    public static async Task RunAsync(
        Configuration configuration, RouterOptions options, Func<BoundSocket, string> nameOf, Daemon? daemon, Notifier? notifier, StateReader? saved, IReadOnlyList<StoredSession> stored)
    {
        FileLimit.OfPrograms ??= FileLimit.Current;
        if (!configuration.Has(OptionTable.MaxFiles))
            FileLimit.Raise();

        await using var router = new Router(options, new TextLog());
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var oneAtATime = new Lock();

        // All signals are in place before anybody is told that we serve.
        using PosixSignalRegistration term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using PosixSignalRegistration quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, End);
        using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, ReadAgain);
        using PosixSignalRegistration upgrade = PosixSignalRegistration.Create((PosixSignal)Libc.SIGUSR2, GoOnAsAnother);
        router.UpgradeAsked = () => ThreadPool.QueueUserWorkItem(_ => BecomeAnother());
        router.Entrance = TargetEntrance.From(configuration);
        router.Store = notifier;
        router.Adopt(stored);
        router.Start(saved);
        saved?.Dispose();
        Upgrade.LetSignalsCome();
        daemon?.Ready();
        notifier?.Notify("READY=1");
        await end.Task.ConfigureAwait(false);
        lock (oneAtATime)
            notifier?.Notify("STOPPING=1"); // an upgrade that had begun has given up by now
        await router.StopAsync().ConfigureAwait(false); // with the signals still caught: a second one must not cut the end short

        void End(PosixSignalContext context)
        {
            context.Cancel = true;
            end.TrySetResult();
        }

        void GoOnAsAnother(PosixSignalContext context)
        {
            context.Cancel = true;
            BecomeAnother();
        }

        void BecomeAnother()
        {
            lock (oneAtATime)
            {
                if (end.Task.IsCompleted) return;
                string refusal = Upgrade.Run(router, configuration, nameOf, notifier, () => end.Task.IsCompleted);
                TextLog.Write($"no upgrade, everything goes on as it was: {refusal}");
                router.RefuseUpgrade(refusal);
            }
        }

        void ReadAgain(PosixSignalContext context)
        {
            context.Cancel = true;
            try
            {
                lock (oneAtATime)
                {
                    Configuration again = configuration.ReadAgain();
                    router.Reload(RouterSettings.From(again, binds: false));
                    configuration = again;
                }
            }
            catch (Exception wrong) when (wrong is ConfigurationException or JailException or ArgumentException or IOException or UnauthorizedAccessException)
            {
                TextLog.Write($"the configuration stays as it was: {wrong.Message}");
            }
        }
    }
}
