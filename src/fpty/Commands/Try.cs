using System.Globalization;
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
            return Serve(files, line.Configuration) ? Attach(files) : ClientOutcome.CouldNotConnect;
        }
        finally
        {
            if (Directory.Exists(directory)) // the router removes it too, where it may: this process can be killed
                Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>Starts the router in the background: in a jail where that is allowed, else without, and says so.</summary>
    private static bool Serve(TryFiles files, Configuration configuration)
    {
        string[] given = [.. configuration.Settings.Where(setting => setting.Origin.IsCommandLine).Select(setting => $"--{setting.Name}={setting.Value}")];
        string namespaces = Libc.geteuid() == 0 ? "uts" : "user,uts";
        if (Start(files, [.. given, "--unshare", namespaces, "--exec-as-root", $"hostname {HostName}"]))
            return true;
        Screen.WriteError($"fpty: a jail is not allowed here, so the host's name is not {HostName}; going on without\n");
        return Start(files, given);
    }

    private static bool Start(TryFiles files, string[] more) =>
        Daemon.Start(["serve", .. more, "--forkpty-router", files.Raw, "--forkpty-urouter", files.Uwsgi, "--pidfile", files.Pid], files.Log, files.Directory) == 0;

    private static int Attach(TryFiles files)
    {
        try
        {
            if (Libc.isatty(0) == 1)
                Screen.WriteError($"fpty: while this runs, others can connect too: fpty connect {files.Uwsgi}\n");
            return Connect.Run(new TerminalClientOptions(RouterAddress.Parse(files.Uwsgi), WireMode.Uwsgi));
        }
        finally
        {
            StopRouter(files);
        }
    }

    private static void StopRouter(TryFiles files)
    {
        if (!int.TryParse(File.ReadAllText(files.Pid), NumberStyles.None | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out int pid)) return;
        _ = Libc.kill(pid, Libc.SIGTERM);
        _ = Libc.waitpid(pid, block: true, out _);
    }

    /// <summary>What a trial leaves in its directory while it runs.</summary>
    private sealed record TryFiles(string Directory)
    {
        public string Raw => $"{Directory}/raw.socket";

        public string Uwsgi => $"{Directory}/uwsgi.socket";

        public string Pid => $"{Directory}/pid";

        public string Log => $"{Directory}/log";
    }
}
