using Forkpty.Client;
using Forkpty.Interop;
using Forkpty.Jail;
using Forkpty.Options;
using Forkpty.Protocol;

namespace Forkpty.Commands;

/// <summary>
/// <c>fpty try</c>: a router with a socket of each mode, in a jail with a host name of its own, and this terminal on it. Everything is gone at the end.
/// </summary>
internal static class Try
{
    private const string HostName = "iaminajail";

    /// <returns>The shell's status; 255 where there was no trial, which no shell of it can be taken for.</returns>
    public static int Run(CommandLine line)
    {
        string directory;
        try
        {
            directory = Directory.CreateTempSubdirectory("fpty-try-").FullName;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            Connect.Complain($"cannot make a directory for the trial's files: {refused.Message} Set TMPDIR to one that you may write to.");
            return ClientOutcome.CouldNotConnect;
        }

        try
        {
            var files = new TryFiles(directory);
            return Serve(files, line.Configuration) is { } router ? Attach(files, router) : ClientOutcome.CouldNotConnect;
        }
        finally
        {
            if (Directory.Exists(directory)) // the router removes it too, where it may: this process can be killed
                Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>Starts the router in the background: in a jail where that is allowed, else without, and says so.</summary>
    /// <returns>Its pid; null where there is none.</returns>
    private static int? Serve(TryFiles files, Configuration configuration)
    {
        string[] given = [.. configuration.Settings.Where(setting => setting.Origin.IsCommandLine).Select(setting => $"--{setting.Name}={setting.Value}")];
        string namespaces = Libc.geteuid() == 0 ? "uts" : "user,uts";
        if (Start(files, [.. given, "--unshare", namespaces, "--exec-as-root", $"hostname {HostName}"]) is { } jailed)
            return jailed;
        Screen.WriteError($"fpty: a jail is not allowed here, so the host's name is not {HostName}; going on without\n");
        return Start(files, given);
    }

    private static int? Start(TryFiles files, string[] more) =>
        Daemon.Start(["serve", .. more, "--forkpty-router", files.Raw, "--forkpty-urouter", files.Uwsgi], files.Log, files.Directory);

    private static int Attach(TryFiles files, int router)
    {
        try
        {
            if (Libc.isatty(0) == 1)
                Screen.WriteError($"fpty: while this runs, others can connect too: fpty connect {files.Uwsgi}\n");
            return Connect.Run(new TerminalClientOptions(RouterAddress.Parse(files.Uwsgi), WireMode.Uwsgi));
        }
        finally
        {
            // It may have ended; as our child it keeps its number until it is waited for.
            _ = Libc.kill(router, Libc.SIGTERM);
            _ = Libc.waitpid(router, block: true, out _);
        }
    }

    /// <summary>What a trial leaves in its directory while it runs.</summary>
    private sealed record TryFiles(string Directory)
    {
        public string Raw => $"{Directory}/raw.socket";

        public string Uwsgi => $"{Directory}/uwsgi.socket";

        public string Log => $"{Directory}/log";
    }
}
