namespace Forkpty.Testing;

/// <summary>What the kernel says about a process, read from /proc.</summary>
/// <param name="Descriptors">Open file descriptors.</param>
/// <param name="Masters">Of these, pty masters.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Zombies">Children that have ended and were not waited for.</param>
public sealed record ProcessFacts(int Descriptors, int Masters, int Threads, int Zombies)
{
    /// <summary>Whether there is no more of anything; less there may be, where something was just ending when the others were counted.</summary>
    public bool IsWithin(ProcessFacts others) =>
        Descriptors <= others.Descriptors && Masters <= others.Masters && Threads <= others.Threads && Zombies <= others.Zombies;

    /// <summary>Reads the facts of a process.</summary>
    public static ProcessFacts Of(int pid)
    {
        var targets = DescriptorTargets(pid);
        return new ProcessFacts(
            targets.Count,
            targets.Count(t => t.EndsWith("/ptmx", StringComparison.Ordinal)),
            Directory.GetDirectories($"/proc/{pid}/task").Length,
            Children(pid).Count(c => State(c) == 'Z'));
    }

    /// <summary>What the open descriptors of a process lead to.</summary>
    public static IReadOnlyList<string> DescriptorTargets(int pid)
    {
        var targets = new List<string>();
        foreach (var fd in Directory.GetFiles($"/proc/{pid}/fd"))
        {
            try
            {
                if (new FileInfo(fd).LinkTarget is { } target)
                    targets.Add(target);
            }
            catch (IOException)
            {
                // Closed meanwhile.
            }
        }

        return targets;
    }

    /// <summary>The children of a process, ended ones too.</summary>
    public static IReadOnlyList<int> Children(int pid) => [.. AllParents().Where(p => p.Parent == pid).Select(p => p.Pid)];

    /// <summary>All descendants of a process.</summary>
    public static IReadOnlyList<int> Descendants(int pid)
    {
        var parents = AllParents();
        var found = new List<int>();
        var front = new Queue<int>([pid]);
        while (front.TryDequeue(out var parent))
        {
            foreach (var (child, _) in parents.Where(p => p.Parent == parent))
            {
                found.Add(child);
                front.Enqueue(child);
            }
        }

        return found;
    }

    /// <summary>R, S, D, Z, T ... or 'X' where there is no such process.</summary>
    public static char State(int pid) => Stat(pid) is { Length: > 0 } fields ? fields[0][0] : 'X';

    /// <summary>Whether a process exists and is no zombie.</summary>
    public static bool IsAlive(int pid) => State(pid) is not ('X' or 'Z');

    /// <summary>Processor time used so far, in clock ticks of 10 ms.</summary>
    public static long ProcessorTicks(int pid) => Stat(pid) is { Length: > 12 } fields ? long.Parse(fields[11], null) + long.Parse(fields[12], null) : 0;

    /// <summary>Watches a process for 2 s: it may use a fifth of one processor.</summary>
    public static async Task ExpectIdleAsync(int pid)
    {
        var before = ProcessorTicks(pid);
        await Task.Delay(TimeSpan.FromSeconds(2)); // the measure: 200 ticks of 10 ms
        if (ProcessorTicks(pid) - before is > 40 and var used)
            throw new ExpectationException($"Process {pid} used {used * 10} ms of a processor in 2 s, where it has nothing to do.");
    }

    /// <summary>Resident memory in KiB.</summary>
    public static int ResidentKiB(int pid) => int.Parse(Status(pid, "VmRSS").Split(' ')[0], null);

    /// <summary>One line of /proc/PID/status; empty where there is no such process any more.</summary>
    public static string Status(int pid, string name)
    {
        try
        {
            return File.ReadAllLines($"/proc/{pid}/status").First(l => l.StartsWith(name + ":", StringComparison.Ordinal))[(name.Length + 1)..].Trim();
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static List<(int Pid, int Parent)> AllParents()
    {
        var all = new List<(int, int)>();
        foreach (var directory in Directory.GetDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), out var pid) && Stat(pid) is { Length: > 1 } fields)
                all.Add((pid, int.Parse(fields[1], null)));
        }

        return all;
    }

    /// <summary>The fields of /proc/PID/stat from the state on; empty where there is no such process.</summary>
    private static string[] Stat(int pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
