using System.Globalization;
using System.Text;
using Forkpty;
using Forkpty.Interop;
using Forkpty.Jail;

// What fpty does around its router, with the options on the command line as --name=value. In the place of the router: a few threads, a line
// "ready PID" on standard output, and the end at SIGTERM (status 0) or at SIGUSR1 (status 7).
if (Startup.Run(args) is int status)
    return status;
Daemon? daemon = Daemon.Attach(ref args);
try
{
    if (Stage.Is(args, Stage.Confine) || Stage.Is(args, Stage.Serve))
    {
        using Handover handover = Stage.Receive(args);
        string[] given = Encoding.UTF8.GetString(handover.Configuration).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        daemon = Daemon.Find(handover);
        if (Stage.Is(args, Stage.Confine))
            Confinement.Enter(Parse(given), handover);
        Confinement.Arrive(Parse(given));
        FileLimit.Raise();
        return Serve(handover.OriginalLimit, handover.Descriptors);
    }

    JailOptions options = Parse(args);
    if (daemon is null && Value(args, "daemonize") is { } log)
        return Daemon.Start(args, log) is null ? 1 : 0;
    if (Value(args, "pidfile") is { } pidFile)
        ProcessFiles.WritePid(pidFile, "pidfile");
    if (Value(args, "logto") is { } logFile)
        ProcessFiles.LogTo(logFile);
    if (!Confinement.IsNeeded(options))
        return Serve(FileLimit.Current, []);
    using Handover begin = Handover.Create(Encoding.UTF8.GetBytes(string.Join('\0', args)));
    if (Value(args, "keep") is { } kept)
        begin.Keep("kept", KernelException.Check(Libc.open(kept, Libc.O_RDONLY | Libc.O_CLOEXEC), "open", kept));
    daemon?.Keep(begin);
    Confinement.Begin(options, begin);
    return 0;
}
catch (Exception e) when (e is JailException or IOException)
{
    Say(2, $"fpty: {e.Message}");
    daemon?.Failed(e.Message);
    return 1;
}

int Serve(FileLimit original, IReadOnlyList<(string Name, int Fd)> descriptors)
{
    int result = 0;
    using var end = new ManualResetEventSlim();
    using var term = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, c => Stop(c, 0));
    using var usr1 = System.Runtime.InteropServices.PosixSignalRegistration.Create((System.Runtime.InteropServices.PosixSignal)Libc.SIGUSR1, c => Stop(c, 7));
    for (int i = 0; i < 3; i++)
        new Thread(end.Wait) { IsBackground = true, Name = "worker" }.Start();
    foreach ((string name, int fd) in descriptors)
    {
        byte[] text = new byte[100];
        if (name == "kept")
            Say(1, "kept " + Encoding.UTF8.GetString(text, 0, (int)Libc.read(fd, text)).Trim());
    }
    Say(1, $"limit {original.Soft} {FileLimit.Current.Soft}");
    Say(1, $"ready {Libc.getpid()}");
    daemon?.Ready();
    end.Wait();
    return result;

    void Stop(System.Runtime.InteropServices.PosixSignalContext context, int value)
    {
        context.Cancel = true;
        result = value;
        end.Set();
    }
}

static JailOptions Parse(string[] args) => new()
{
    Umask = Value(args, "umask") is { } mask ? Convert.ToUInt32(mask, 8) : null,
    MaxFd = Value(args, "max-fd") is { } max ? ulong.Parse(max, CultureInfo.InvariantCulture) : null,
    Environment = Values(args, "env"),
    ProcessName = Value(args, "procname"),
    ExecPreJail = Hooks(args, "exec-pre-jail"),
    Unshare = Values(args, "unshare").Select(NamespaceNames.Parse).Aggregate(Namespaces.None, (all, one) => all | one),
    ExecPostJail = Hooks(args, "exec-post-jail"),
    Chroot = Value(args, "chroot"),
    ExecAsRoot = Hooks(args, "exec-as-root"),
    User = Value(args, "uid"),
    Group = Value(args, "gid"),
    AddGroups = Values(args, "add-gid"),
    NoInitGroups = args.Contains("--no-initgroups"),
    ExecAsUser = Hooks(args, "exec-as-user"),
    Chdir = Value(args, "chdir"),
};

static string? Value(string[] args, string name) => Values(args, name).LastOrDefault();

static List<Hook> Hooks(string[] args, string name) => [.. Values(args, name).Select(command => new Hook(name, command))];

static List<string> Values(string[] args, string name) =>
    [.. args.Where(a => a.StartsWith($"--{name}=", StringComparison.Ordinal)).Select(a => a[(name.Length + 3)..])];

static void Say(int fd, string line) => Libc.write(fd, Encoding.UTF8.GetBytes(line + "\n"));
