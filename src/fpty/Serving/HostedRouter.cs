using System.Runtime.InteropServices;
using Forkpty.Jail;
using Forkpty.Options;

namespace Forkpty.Serving;

/// <summary>The router in this process, until a signal ends it.</summary>
internal static class HostedRouter
{
    /// <summary>Serves until SIGTERM, SIGINT or SIGQUIT; SIGHUP reads the configuration again.</summary>
    /// <exception cref="ListenException">A socket cannot be bound.</exception>
    public static async Task RunAsync(Configuration configuration, RouterOptions options, Daemon? daemon, Notifier? notifier)
    {
        FileLimit.OfPrograms ??= FileLimit.Current;
        if (!configuration.Has(OptionTable.MaxFiles))
            FileLimit.Raise();

        await using var router = new Router(options, new TextLog());
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // All signals are in place before anybody is told that we serve.
        using PosixSignalRegistration term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using PosixSignalRegistration quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, End);
        using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, ReadAgain);
        router.Start();
        daemon?.Ready();
        notifier?.Notify("READY=1");
        await end.Task.ConfigureAwait(false);
        notifier?.Notify("STOPPING=1");
        await router.StopAsync().ConfigureAwait(false); // with the signals still caught: a second one must not cut the end short

        void End(PosixSignalContext context)
        {
            context.Cancel = true;
            end.TrySetResult();
        }

        void ReadAgain(PosixSignalContext context)
        {
            context.Cancel = true;
            try
            {
                router.Reload(RouterSettings.From(configuration.ReadAgain(), binds: false));
            }
            catch (Exception wrong) when (wrong is ConfigurationException or JailException or ArgumentException or IOException or UnauthorizedAccessException)
            {
                TextLog.Write($"the configuration stays as it was: {wrong.Message}");
            }
        }
    }
}
