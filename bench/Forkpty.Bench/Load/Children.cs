using System.Diagnostics;
using System.Globalization;
using Forkpty.Interop;

namespace Forkpty.Bench;

/// <summary>
/// The processes that a run starts. Each is started by posix_spawn in a session of its own, with default signals and a small environment, and every
/// one of them, with all its descendants, is ended when the run ends, whichever way that happens.
/// </summary>
internal static class Children
{
    private static readonly HashSet<int> Living = [];

    private static string[] _environment =
        ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/", "TERM=xterm-256color", "LANG=C.UTF-8", "PS1=$ "];

    private static volatile bool _over;

    /// <summary>Gives all that are started from now on a variable, in the place of one of that name.</summary>
    public static void SetVariable(string name, string value) =>
        _environment = [.. _environment.Where(variable => !variable.StartsWith($"{name}=", StringComparison.Ordinal)), $"{name}={value}"];

    /// <summary>Starts a program whose terminal is the one at <paramref name="terminal"/>.</summary>
    public static int StartOnTerminal(string[] command, string terminal) => Remember(Start(command, terminal, output: null));

    /// <summary>Starts a program that reads nothing and whose output goes to a file.</summary>
    public static int StartDetached(string[] command, string output) => Remember(Start(command, "/dev/null", output));

    /// <summary>Milliseconds from before posix_spawn until the program has ended.</summary>
    public static double TimeToRun(string[] command)
    {
        long start = Stopwatch.GetTimestamp();
        int pid = Start(command, "/dev/null", output: null);
        Reap(pid);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <summary>Waits until a child has ended and reaps it.</summary>
    public static void Reap(int pid)
    {
        int pidfd = Libc.pidfd_open(pid);
        if (pidfd >= 0)
        {
            Span<Libc.pollfd> waited = [new Libc.pollfd { fd = pidfd, events = Libc.POLLIN }];
            while (Libc.poll(waited, -1) == 0)
                continue;
            Libc.waitid_pidfd(pidfd, out _);
            Libc.close(pidfd);
        }
        Forget(pid);
    }

    /// <summary>Ends one child whose terminal has been closed: that has hung up what it started.</summary>
    public static void EndAlone(int pid)
    {
        Libc.kill(pid, Libc.SIGKILL);
        Reap(pid);
    }

    /// <summary>Ends children and everything below them, and returns when all of that is gone (or zombies of somebody else).</summary>
    public static void End(params int[] pids)
    {
        if (pids.Length == 0)
            return;
        List<int> trees = TreesOf(pids);
        foreach (int member in trees)
            Libc.kill(member, Libc.SIGKILL);
        foreach (int pid in pids)
            Reap(pid);

        // Their terminals are free, and the machine quiet, only when they have really gone: the next measurement must not pay for that.
        Deadline deadline = Deadline.In(TimeSpan.FromSeconds(10));
        foreach (int member in trees)
        {
            while (IsAlive(member) && !deadline.HasPassed)
                Pause.Milliseconds(1);
        }
    }

    /// <summary>Ends whatever still lives.</summary>
    public static void EndAll()
    {
        int[] left;
        lock (Living)
            left = [.. Living];
        End(left);
    }

    /// <summary>Ends whatever still lives, and starts nothing any more.</summary>
    public static void EndForGood()
    {
        _over = true;
        EndAll();
    }

    /// <summary>Resident memory of a process in KiB; proc_pid_status(5).</summary>
    public static double ResidentKib(int pid)
    {
        foreach (string line in File.ReadLines($"/proc/{pid}/status"))
        {
            if (line.StartsWith("VmRSS:", StringComparison.Ordinal))
                return double.Parse(line[6..^2], CultureInfo.InvariantCulture);
        }
        throw new BenchException($"process {pid} has ended");
    }

    /// <summary>Processor time that a process has taken; proc_pid_stat(5), in steps of 10 ms.</summary>
    public static double ProcessorSeconds(int pid)
    {
        const double TicksPerSecond = 100; // USER_HZ
        string[] fields = FieldsOf(pid);
        return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    private static int Start(string[] command, string input, string? output)
    {
        if (_over)
            throw new OperationCanceledException("the run is over");
        int pid = Spawn.Start(command, _environment, input, output);
        return pid > 0 ? pid : throw new BenchException($"cannot start {command[0]}: {KernelException.Describe(pid)}");
    }

    private static int Remember(int pid)
    {
        lock (Living)
            Living.Add(pid);
        return pid;
    }

    private static void Forget(int pid)
    {
        lock (Living)
            Living.Remove(pid);
    }

    private static List<int> TreesOf(int[] roots)
    {
        ILookup<int, int> childrenOf = Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path.AsSpan()), out int pid) ? pid : 0)
            .Where(pid => pid > 0)
            .ToLookup(pid => StatOf(pid).Parent);
        List<int> tree = [.. roots];
        for (int i = 0; i < tree.Count; i++)
            tree.AddRange(childrenOf[tree[i]]);
        return tree;
    }

    private static bool IsAlive(int pid) => StatOf(pid).State is not ('Z' or 'X' or '\0');

    // proc_pid_stat(5): "pid (name) state parent ...", from the state on; the name may hold spaces and parentheses.
    private static string[] FieldsOf(int pid)
    {
        string stat = File.ReadAllText($"/proc/{pid}/stat");
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
    }

    private static (char State, int Parent) StatOf(int pid)
    {
        try
        {
            string[] fields = FieldsOf(pid);
            return (fields[0][0], int.Parse(fields[1], CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return ('\0', 0);
        }
    }
}
