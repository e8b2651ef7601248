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

    public static int Run(CommandLine line)
    {
        string directory = Directory.CreateTempSubdirectory("fpty-try-").FullName;
        try
        {
            var files = new TryFiles(directory);
            return Serve(files, line.Configuration) ? Attach(files) : ExitStatus.Failed;
        }
        finally
        {
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
        Daemon.Start(["serve", "--forkpty-router", files.Raw, "--forkpty-urouter", files.Uwsgi, "--pidfile", files.Pid, .. more], files.Log, isTied: true) == 0;

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
