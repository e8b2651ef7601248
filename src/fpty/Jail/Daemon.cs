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

    /// <summary>The same for one that ends with the process that has started it.</summary>
    private const string TiedVerb = "__tied";

    /// <summary>The name under which the pipe goes through a <see cref="Handover"/>.</summary>
    public const string Name = "daemon";

    private const int MaxMessage = 4096;
    private readonly SafeFd _report;

    private Daemon(int report) => _report = new SafeFd(report);

    /// <summary>In the first process: starts the background one and waits for its word.</summary>
    /// <param name="arguments">The arguments of Main.</param>
    /// <param name="log">The file that takes the output, appended to.</param>
    /// <param name="isTied">Whether it gets SIGTERM when this process ends, in whatever way.</param>
    /// <returns>0 once it serves, else 1, with the reason on standard error.</returns>
    /// <exception cref="JailException">It cannot be started.</exception>
    public static int Start(IReadOnlyList<string> arguments, string log, bool isTied = false)
    {
        int result = Libc.pipe2(Libc.O_CLOEXEC, out int read, out int write);
        if (result < 0)
            throw new JailException($"daemonize = {log}: pipe2: {KernelException.Describe(result)}");
        using var report = new SafeFd(read);

        using (var theirs = new SafeFd(write))
        {
            using var vector = new StringVector([Stage.DefaultName, isTied ? TiedVerb : Verb, write.ToString(CultureInfo.InvariantCulture), .. arguments]);
            using var variables = new StringVector(Handover.ProcessEnvironment());
            _ = Libc.fcntl(write, Libc.F_SETFD, 0);
            int pid = Spawn.Detached(Libc.started_as() is { } path && path.StartsWith('/') ? path : "/proc/self/exe", vector, variables, log);
            if (pid < 0)
                throw new JailException($"daemonize = {log}: starting fpty in the background: {KernelException.Describe(pid)}; can /dev/null be read and the log be written?");
        }

        byte[] message = new byte[MaxMessage];
        int length = 0;
        nint count;
        while (length < message.Length && (count = Libc.read(report.Value, message.AsSpan(length))) > 0)
            length += (int)count;
        if (length > 0 && message[0] == (byte)'+')
            return 0;
        string reason = length > 1 ? Encoding.UTF8.GetString(message, 1, length - 1) : $"fpty ended before it served; see {log}";
        _ = Libc.write(2, Encoding.UTF8.GetBytes($"fpty: {reason}\n"));
        return 1;
    }

    /// <summary>In the background process: takes the verb off the arguments, or gives null where this is no background process.</summary>
    public static Daemon? Attach(ref string[] arguments)
    {
        bool isTied = Stage.Is(arguments, TiedVerb);
        if (!(isTied || Stage.Is(arguments, Verb)) || !int.TryParse(arguments[1], NumberStyles.None, CultureInfo.InvariantCulture, out int fd))
            return null;
        arguments = arguments[2..];
        if (isTied)
            _ = Libc.set_parent_death_signal(Libc.SIGTERM);
        return new Daemon(fd);
    }

    /// <summary>In a later stage: the pipe out of a hand-over, or null.</summary>
    public static Daemon? Find(Handover handover) => handover.Find(Name) is >= 0 and int fd ? new Daemon(fd) : null;

    /// <summary>Lets the pipe go on to the next stage.</summary>
    public void Keep(Handover handover) => handover.Keep(Name, _report.Value);

    /// <summary>Tells the waiting process that the router serves.</summary>
    public void Ready() => Report("+");

    /// <summary>Tells the waiting process why it does not.</summary>
    public void Failed(string sentence) => Report("-" + sentence);

    /// <inheritdoc/>
    public void Dispose() => _report.Dispose();

    private void Report(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        _ = Libc.write(_report.Value, bytes.AsSpan(0, Math.Min(bytes.Length, MaxMessage)));
        Dispose();
    }
}
