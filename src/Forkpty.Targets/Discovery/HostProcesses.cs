using System.Globalization;
using System.Text;
using Forkpty.Interop;

namespace Forkpty.Targets;

/// <summary>What /proc tells of the processes of a host. Each answer is of the moment of the question: who acts on one looks again.</summary>
internal sealed class HostProcesses(HostFiles files)
{
    private const int MaxStat = 1024;
    private const int MaxStatus = 16 * 1024;
    private const int MaxCgroup = 64 * 1024;
    private const int MaxCommand = 4_096;

    private readonly CommandLines _commands = new(files);

    public ProcessStat? Find(int pid) =>
        files.Text(Of(pid, "stat"), MaxStat) is { } line && ProcessStat.TryParse(Encoding.UTF8.GetBytes(line), out ProcessStat stat) && stat.Pid == pid ? stat : null;

    /// <summary>All that live, by their start: of a container's processes the first one is its own.</summary>
    public List<ProcessStat> All()
    {
        var all = new List<ProcessStat>();
        foreach (string name in files.Names("/proc"))
        {
            if (TargetName.ProcessId(name) is { } pid && Find(pid) is { IsAlive: true } process)
                all.Add(process);
        }

        all.Sort(static (a, b) => a.Start != b.Start ? a.Start.CompareTo(b.Start) : a.Pid.CompareTo(b.Pid));
        return all;
    }

    /// <summary>The program and its arguments, as the process shows them; <c>[name]</c> where it shows none, or keeps us waiting.</summary>
    public string Command(int pid)
    {
        string words = (_commands.Read(Of(pid, "cmdline"), MaxCommand) ?? "").TrimEnd('\0').Replace('\0', ' ');
        return words.Length > 0 ? words : $"[{Name(pid)}]";
    }

    /// <summary>The arguments one by one; a single empty one where it shows none, or keeps us waiting.</summary>
    public string[] Arguments(int pid) => (_commands.Read(Of(pid, "cmdline"), MaxStatus) ?? "").TrimEnd('\0').Split('\0');

    /// <summary>The name of at most 15 bytes that the process has given itself.</summary>
    public string Name(int pid) => (files.Text(Of(pid, "comm"), 64) ?? "").TrimEnd('\n');

    /// <summary>Whether it is a runtime's process still, that will become the container's program when that is started.</summary>
    public bool IsBeingMade(int pid) => IsBeingMade(Name(pid), Link(pid, "exe"));

    /// <summary>Any process may call itself so; but a runtime's is of a file of that name, of one in memory, of one in a mount that is in no tree any more (runc's, whose link is "/"), or of one that we may not know.</summary>
    /// <param name="name">What it calls itself.</param>
    /// <param name="file">The link to its program.</param>
    public static bool IsBeingMade(string name, string? file) =>
        name is "runc:[2:INIT]" or "runc:[1:CHILD]" or "runc:[0:PARENT]" or "crun"
        && (file is null or "/" || file.EndsWith(" (deleted)", StringComparison.Ordinal) || file.StartsWith("/memfd:", StringComparison.Ordinal)
            || file.AsSpan(file.LastIndexOf('/') + 1) is var program && (program.Contains("runc", StringComparison.Ordinal) || program.Contains("crun", StringComparison.Ordinal)));

    /// <summary>Whether the first process of a container of LXC or systemd-nspawn is its monitor's program still, which confines itself before it becomes the container's.</summary>
    public bool IsItsMonitors(ProcessStat process) => Link(process.Pid, "exe") is { } program && program == Link(process.Parent, "exe");

    /// <summary>The lines of /proc/PID/status; empty where there is no such process.</summary>
    public string Status(int pid) => files.Text(Of(pid, "status"), MaxStatus) ?? "";

    public uint? EffectiveUser(int pid) =>
        Field(Status(pid), "Uid")?.Split('\t') is [_, var effective, ..] && uint.TryParse(effective, NumberStyles.None, CultureInfo.InvariantCulture, out uint uid) ? uid : null;

    /// <summary>Which namespace of a kind (<c>pid</c>, <c>mnt</c> ...) a process is in; null where that is not ours to know.</summary>
    public string? Namespace(int pid, string kind) => files.Link(Of(pid, $"ns/{kind}"));

    /// <summary>Where a file of a process is, for whoever opens it.</summary>
    public string PathOf(int pid, string file) => files.Root + Of(pid, file);

    /// <summary>
    /// The control group of a process: that of version 2, or where that is the root (as with only version 1 in use) the one of systemd's hierarchy, or else the
    /// longest of all. Empty where there is none.
    /// </summary>
    public string Cgroup(int pid)
    {
        string longest = "", unified = "", named = "";
        foreach (string line in (files.Text(Of(pid, "cgroup"), MaxCgroup) ?? "").Split('\n'))
        {
            int slash = line.IndexOf(":/", StringComparison.Ordinal);
            if (slash < 0) continue;
            string path = line[(slash + 1)..];
            if (line.StartsWith("0::", StringComparison.Ordinal))
                unified = path;
            else if (line.Contains(":name=systemd:", StringComparison.Ordinal))
                named = path;
            if (path.Length > longest.Length)
                longest = path;
        }

        return unified.Length > 1 ? unified : named.Length > 1 ? named : longest;
    }

    /// <summary>Whether the process stands still because somebody has paused its control group, or one above.</summary>
    public bool IsFrozen(int pid)
    {
        string group = Cgroup(pid);
        return group.Length > 1
            && ((files.Text($"/sys/fs/cgroup{group}/cgroup.events", 1024) ?? files.Text($"/sys/fs/cgroup/unified{group}/cgroup.events", 1024) ?? "").Contains("frozen 1", StringComparison.Ordinal)
                || (files.Text($"/sys/fs/cgroup/freezer{group}/freezer.state", 64) ?? "").StartsWith("FR", StringComparison.Ordinal));
    }

    /// <summary>A sentence where the control group has as many processes as it may have.</summary>
    public string? Limit(int pid)
    {
        string group = Cgroup(pid);
        if (group.Length <= 1) return null;
        foreach (string hierarchy in (string[])["", "/pids"])
        {
            string directory = $"/sys/fs/cgroup{hierarchy}{group}";
            if (ulong.TryParse(files.Text($"{directory}/pids.max", 64)?.Trim(), out ulong most) && ulong.TryParse(files.Text($"{directory}/pids.current", 64)?.Trim(), out ulong now) && now >= most)
                return $"its control group has {now} processes, and may have {most}";
        }

        return null;
    }

    /// <summary>The namespace of a kind that we are in.</summary>
    public string? Own(string kind) => files.Link($"/proc/self/ns/{kind}");

    public string? Link(int pid, string file) => files.Link(Of(pid, file));

    /// <summary>A file of a process; null where it cannot be read.</summary>
    public string? Text(int pid, string file, int max = MaxCgroup) => files.Text(Of(pid, file), max);

    /// <summary>The numbers of a process, in our pid namespace and those below it, the innermost last; none where its status does not tell.</summary>
    public static string[] Numbers(string status) => Field(status, "NSpid")?.Split('\t', StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>The sockets of the UNIX domain that a process has and that are bound to a name; proc_net(5). None where its descriptors are hidden.</summary>
    public List<UnixSocket> Sockets(int pid)
    {
        var inodes = new HashSet<string>();
        foreach (string fd in files.Names(Of(pid, "fd")))
        {
            if (Link(pid, $"fd/{fd}") is { } link && link.StartsWith("socket:[", StringComparison.Ordinal))
                inodes.Add(link["socket:[".Length..].TrimEnd(']'));
        }

        var sockets = new List<UnixSocket>();
        foreach (string table in (string[])[Of(pid, "net/unix"), "/proc/self/net/unix"]) // a jail's were bound outside of its network
        {
            if (inodes.Count == 0 || sockets.Count > 0) break;
            foreach (string line in (files.Text(table) ?? "").Split('\n'))
            {
                if (line.Split(' ', 8, StringSplitOptions.RemoveEmptyEntries) is [_, var references, _, var flags, _, var state, var inode, var path] && inodes.Contains(inode)
                    && uint.TryParse(references, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out uint count))
                    sockets.Add(new UnixSocket(path, count, flags == "00010000", state == "03"));
            }
        }

        return sockets;
    }

    /// <summary>Whether a process belongs to a user: it runs as him, or is in a user namespace of his making. Of whom root says so, it does not matter.</summary>
    public bool BelongsTo(int pid, uint owner)
    {
        if (owner == 0 || EffectiveUser(pid) == owner) return true;
        int fd = Libc.open(PathOf(pid, "ns/user"), Libc.O_RDONLY | Libc.O_CLOEXEC);
        if (fd < 0) return false;
        using var space = new SafeFd(fd);
        return Libc.ioctl_NS_GET_OWNER_UID(fd, out uint maker) >= 0 && maker == owner;
    }

    /// <summary>A field of the lines of /proc/PID/status.</summary>
    public static string? Field(string status, string name)
    {
        foreach (string line in status.Split('\n'))
        {
            if (line.Length > name.Length && line[name.Length] == ':' && line.StartsWith(name, StringComparison.Ordinal))
                return line[(name.Length + 1)..].Trim();
        }

        return null;
    }

    private static string Of(int pid, string file) => $"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/{file}";
}
