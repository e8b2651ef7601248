using System.Globalization;

namespace Forkpty.Jail;

/// <summary>What /proc tells of a process: the jail as it is seen from outside.</summary>
internal static class ProcFiles
{
    /// <summary>All threads of a process.</summary>
    public static IReadOnlyList<int> Threads(int pid) => [.. Directory.EnumerateDirectories($"/proc/{pid}/task").Select(path => Number(Path.GetFileName(path)))];

    /// <summary>A line of /proc/PID/task/TID/status without its name, tabs as spaces; empty where there is no such thread any more.</summary>
    public static string Status(int pid, int thread, string name)
    {
        try
        {
            return File.ReadAllLines($"/proc/{pid}/task/{thread}/status").First(line => line.StartsWith(name + ":", StringComparison.Ordinal))[(name.Length + 1)..]
                .Replace('\t', ' ').Trim();
        }
        catch (IOException)
        {
            return "";
        }
    }

    public static string Namespace(int pid, int thread, string kind) => new FileInfo($"/proc/{pid}/task/{thread}/ns/{kind}").LinkTarget!;

    public static string OwnNamespace(string kind) => Namespace(Environment.ProcessId, Environment.ProcessId, kind);

    /// <summary>A process and all below it, parents first.</summary>
    public static List<int> Tree(int root)
    {
        var tree = new List<int> { root };
        for (int i = 0; i < tree.Count; i++)
            tree.AddRange(All().Where(process => process.Parent == tree[i]).Select(process => process.Pid));
        return tree;
    }

    /// <summary>The children of a process that have ended and were not reaped.</summary>
    public static int Zombies(int parent) => All().Count(process => process.Parent == parent && process.State == 'Z');

    /// <summary>True while a process runs; one that has ended and waits to be reaped does not.</summary>
    public static bool Runs(int pid) => All().Any(process => process.Pid == pid && process.State != 'Z');

    private static IEnumerable<(int Pid, int Parent, char State)> All()
    {
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out int pid))
                continue;
            string stat;
            try { stat = File.ReadAllText(directory + "/stat"); }
            catch (IOException) { continue; }
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            yield return (pid, Number(fields[1]), fields[0][0]);
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
