using System.Globalization;
using System.Text;
using Forkpty.Interop;

namespace Forkpty.Jail;

/// <summary>
/// The option <c>daemonize = LOG</c>: fpty starts itself again in a session of its own, with /dev/null as input and the log as output, and the first
/// process waits until the router serves or has failed: its status tells, and the reason is said on the terminal as well. uWSGI forks twice and is
/// gone before anything can fail; a managed program cannot fork, and needs not.
/// </summary>
internal sealed class Daemon : IDisposable
{
    /// <summary>The hidden verb: <c>__daemon FD</c>, then the arguments as a person gave them.</summary>
    public const string Verb = "__daemon";

    /// <summary>The same for a trial, with its directory: <c>__trial FD DIRECTORY</c>.</summary>
    private const string TrialVerb = "__trial";

    /// <summary>The name under which the pipe goes through a <see cref="Handover"/>.</summary>
    public const string Name = "daemon";

    /// <summary>And the directory of a trial.</summary>
    private const string TrialName = "trial";

    private const int MaxMessage = 4096;
    private readonly SafeFd _report;
    private readonly SafeFd? _trial;

    private Daemon(int report, int trial)
    {
        _report = new SafeFd(report);
        if (trial < 0) return;
        _trial = new SafeFd(trial);

        // In each stage again: the change of the user clears it.
        _ = Libc.set_parent_death_signal(Libc.SIGTERM);
    }

    /// <summary>In the first process: starts the background one and waits for its word.</summary>
    /// <param name="arguments">The arguments of Main.</param>
    /// <param name="log">The file that takes the output, appended to.</param>
    /// <param name="trial">Where this is a trial, the directory of all its files: it ends when this process ends, in whatever way, and removes it then, as far as its user may.</param>
    /// <returns>Its pid once it serves, else null, with the reason on standard error.</returns>
    /// <exception cref="JailException">It cannot be started.</exception>
    public static int? Start(IReadOnlyList<string> arguments, string log, string? trial = null)
    {
        int result = Libc.pipe2(Libc.O_CLOEXEC, out int read, out int write);
        if (result < 0)
            throw new JailException($"daemonize = {log}: pipe2: {KernelException.Describe(result)}");
        using var report = new SafeFd(read);

        int pid;
        using (var theirs = new SafeFd(write))
        {
            using var vector = new StringVector([Stage.DefaultName, .. VerbOf(write.ToString(CultureInfo.InvariantCulture), trial), .. arguments]);
            using var variables = new StringVector(Handover.ProcessEnvironment());
            _ = Libc.fcntl(write, Libc.F_SETFD, 0);
            pid = Spawn.Detached(Libc.started_as() is { } path && path.StartsWith('/') ? path : "/proc/self/exe", vector, variables, log);
            if (pid < 0)
                throw new JailException($"daemonize = {log}: starting fpty in the background: {KernelException.Describe(pid)}; can /dev/null be read and the log be written?");
        }

        byte[] message = new byte[MaxMessage];
        int length = 0;
        nint count;
        while (length < message.Length && (count = Libc.read(report.Value, message.AsSpan(length))) > 0)
            length += (int)count;
        if (length > 0 && message[0] == (byte)'+')
            return pid;
        string reason = length > 1 ? Encoding.UTF8.GetString(message, 1, length - 1) : $"fpty ended before it served; see {log}";
        _ = Libc.write(2, Encoding.UTF8.GetBytes($"fpty: {reason}\n"));
        return null;
    }

    /// <summary>In the background process: takes the verb off the arguments, or gives null where this is no background process.</summary>
    public static Daemon? Attach(ref string[] arguments)
    {
        bool isTrial = Stage.Is(arguments, TrialVerb) && arguments.Length > 2;
        if (!(isTrial || Stage.Is(arguments, Verb)) || !int.TryParse(arguments[1], NumberStyles.None, CultureInfo.InvariantCulture, out int fd))
            return null;
        int trial = isTrial ? Libc.open(arguments[2], Libc.O_PATH | Libc.O_DIRECTORY | Libc.O_CLOEXEC) : -1;
        arguments = arguments[(isTrial ? 3 : 2)..];
        return new Daemon(fd, trial);
    }

    /// <summary>In a later stage: the pipe out of a hand-over, or null.</summary>
    public static Daemon? Find(Handover handover) => handover.Find(Name) is >= 0 and int fd ? new Daemon(fd, handover.Find(TrialName)) : null;

    /// <summary>Lets the pipe go on to the next stage.</summary>
    public void Keep(Handover handover)
    {
        handover.Keep(Name, _report.Value);
        if (_trial is not null)
            handover.Keep(TrialName, _trial.Value);
    }

    /// <summary>Tells the waiting process that the router serves. A trial that nobody waits for any more ends.</summary>
    public void Ready()
    {
        if (!TryReport("+") && _trial is not null)
            _ = Libc.kill(Libc.getpid(), Libc.SIGTERM);
    }

    /// <summary>Tells the waiting process why it does not.</summary>
    public void Failed(string sentence) => TryReport("-" + sentence);

    /// <summary>
    /// At the router's end: removes the directory of a trial, which nobody may be there to remove. Not where the router has become a user who may not, nor where its path means another one, in a root of
    /// the router's own.
    /// </summary>
    public void RemoveTrial()
    {
        if (_trial is null || new FileInfo($"/proc/self/fd/{_trial.Value}").LinkTarget is not { } directory) return;
        if (Libc.fstat(_trial.Value, out Libc.FileState trial) < 0 || Libc.lstat(directory, out Libc.FileState there) < 0 || (trial.Device, trial.Inode) != (there.Device, there.Inode)) return;
        try
        {
            Directory.Delete(directory, recursive: true);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // It belongs to another user.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _report.Dispose();
        _trial?.Dispose();
    }

    private static string[] VerbOf(string descriptor, string? trial) => trial is null ? [Verb, descriptor] : [TrialVerb, descriptor, trial];

    private bool TryReport(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        nint written = Libc.write(_report.Value, bytes.AsSpan(0, Math.Min(bytes.Length, MaxMessage)));
        _report.Dispose();
        return written > 0;
    }
}
