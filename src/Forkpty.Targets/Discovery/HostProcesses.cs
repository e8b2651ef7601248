using System.Globalization;
using System.Text;
using Forkpty.Interop;

namespace Forkpty.Targets;

/// <summary>What /proc tells of the processes of a host. Each answer is of the moment of the question: who acts on one looks again.</summary>
internal sealed class HostProcesses(HostFiles files)
{
    private const int MaxStat = 1024;
    private const int MaxStatus = 4 << 20; // a process may be in 65,536 groups
    private const int MaxUser = 1024; // the users stand before the groups
    private const int MaxArguments = 16 * 1024;
    private const int MaxCgroup = 64 * 1024;
    private const int MaxCommand = 4_096;
    private const int WritableByOthers = 0x12; // group and all

    private readonly CommandLines _commands = new(files);

    public ProcessStat? Find(int pid) =>
        files.Text(Of(pid, "stat"), MaxStat) is { } line && ProcessStat.TryParse(Encoding.UTF8.GetBytes(line), out ProcessStat stat) && stat.Pid == pid ? stat : null;

    /// <summary>All that live, by their start: of a container's processes the first one is its own.</summary>
    public List<ProcessStat> All()
    {
        var all = new List<ProcessStat>();
        foreach (string name in files.Names("/proc", int.MaxValue))
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
        string words = Arguments(pid, MaxCommand).Replace('\0', ' ');
        return words.Length > 0 ? words : $"[{Name(pid)}]";
    }

    /// <summary>The arguments one by one; a single empty one where it shows none, or keeps us waiting.</summary>
    public string[] Arguments(int pid) => Arguments(pid, MaxArguments).Split('\0');

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
        Field(files.Text(Of(pid, "status"), MaxUser) ?? "", "Uid")?.Split('\t') is [_, var effective, ..] && uint.TryParse(effective, NumberStyles.None, CultureInfo.InvariantCulture, out uint uid) ? uid : null;

    /// <summary>Which namespace of a kind (<c>pid</c>, <c>mnt</c> ...) a process is in; null where that is not ours to know.</summary>
    public string? Namespace(int pid, string kind) => files.Link(Of(pid, $"ns/{kind}"));

    /// <summary>Where a file of a process is, for whoever opens it.</summary>
    public string PathOf(int pid, string file) => files.Root + Of(pid, file);

    /// <summary>
    /// The control group of a process: that of version 2, or where that is the root (as with only version 1 in use) the one of systemd's hierarchy, or else the
    /// longest of all. Empty where there is none.
    /// </summary>
    public string Cgroup(int pid) => Cgroup(pid, out _);

    /// <param name="pid">The process.</param>
    /// <param name="controllers">Whose hierarchy it is in, as for <see cref="OwnerOfCgroup"/>.</param>
    public string Cgroup(int pid, out string controllers)
    {
        (string Of, string Path) group = ("", "");
        foreach ((string Of, string Path) other in Cgroups(pid))
        {
            if (Rank(other) > Rank(group))
                group = other;
        }

        controllers = group.Of;
        return group.Path;

        static int Rank((string Of, string Path) group) =>
            group.Path.Length <= 1 ? group.Path.Length : group.Of switch { "" => int.MaxValue, "name=systemd" => int.MaxValue - 1, _ => group.Path.Length };
    }

    /// <summary>
    /// Who could have called a control group so: root, or the user to whom root has given the one above, for there he makes groups of any name. A group that is his alone, as that of
    /// a container with a user namespace, has its name from root.
    /// </summary>
    public uint OwnerOfCgroup(string controllers, string group)
    {
        const string slice = "/user-";
        int at = group.IndexOf(slice, StringComparison.Ordinal), end = at < 0 ? -1 : group.IndexOf(".slice", at, StringComparison.Ordinal);
        if (end > at && uint.TryParse(group.AsSpan(at + slice.Length, end - at - slice.Length), out uint uid) && uid != 0)
            return uid;
        bool isHidden = true;
        foreach (string hierarchy in Hierarchies(controllers))
        {
            if (files.StateOf($"{hierarchy}{group}") is { } own && files.StateOf($"{hierarchy}{group[..group.LastIndexOf('/')]}") is { } above)
                return above.Uid == 0 && (above.Mode & WritableByOthers) != 0 ? own.Uid : above.Uid;
            isHidden &= files.StateOf(hierarchy) is null;
        }

        return isHidden ? 0 : uint.MaxValue; // it is there no more: who has made it cannot be told
    }

    /// <summary>Whether the process stands still because somebody has paused its control group, or one above.</summary>
    public bool IsFrozen(int pid) =>
        InCgroup(pid, "", "cgroup.events").Contains("frozen 1", StringComparison.Ordinal) || InCgroup(pid, "freezer", "freezer.state").StartsWith("FR", StringComparison.Ordinal);

    /// <summary>A sentence where the control group has as many processes as it may have.</summary>
    public string? Limit(int pid)
    {
        foreach (string controller in (string[])["", "pids"])
        {
            if (ulong.TryParse(InCgroup(pid, controller, "pids.max"), out ulong most) && ulong.TryParse(InCgroup(pid, controller, "pids.current"), out ulong now) && now >= most)
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
    public bool BelongsTo(int pid, uint owner) => owner == 0 || EffectiveUser(pid) == owner || MakerOf(pid) == owner;

    /// <summary>
    /// Whether the program of a process is a file of this machine's: on a mount that is one of process 1 or of ours, where containers have mounts of their own. What is started through a
    /// descriptor, as a jail, keeps the mount of its file.
    /// </summary>
    public bool IsOfThisMachine(int pid)
    {
        int fd = Libc.open(PathOf(pid, "exe"), Libc.O_PATH | Libc.O_CLOEXEC);
        if (fd < 0) return false;
        using var program = new SafeFd(fd);
        return Mount.Of(program) is { } mount && (Mount.Line(Text(1, "mountinfo", HostFiles.MaxState), mount) ?? Mount.Line(files.Text("/proc/self/mountinfo"), mount)) is not null;
    }

    /// <summary>Whether a process runs the very file that we run, on whatever mount.</summary>
    public bool IsOurProgram(int pid) =>
        Libc.stat_unasked(PathOf(pid, "exe"), out Libc.FileState theirs) >= 0 && Libc.stat_unasked("/proc/self/exe", out Libc.FileState ours) >= 0
        && (theirs.Inode, theirs.Device) == (ours.Inode, ours.Device);

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

    /// <summary>The lines of /proc/PID/cgroup: the controllers of a hierarchy, none of version 2, and the path there.</summary>
    private IEnumerable<(string Controllers, string Path)> Cgroups(int pid)
    {
        foreach (string line in (files.Text(Of(pid, "cgroup"), MaxCgroup) ?? "").Split('\n'))
        {
            if (line.Split(':', 3) is [_, var controllers, ['/', ..] path])
                yield return (controllers, path);
        }
    }

    /// <summary>A file of the group in a controller's hierarchy; empty where there is none.</summary>
    private string InCgroup(int pid, string controller, string file)
    {
        foreach ((string controllers, string path) in Cgroups(pid))
        {
            if (path.Length <= 1 || Array.IndexOf(controllers.Split(','), controller) < 0) continue;
            foreach (string hierarchy in Hierarchies(controllers))
            {
                if (files.Text($"{hierarchy}{path}/{file}", 1024) is { } text)
                    return text.Trim();
            }
        }

        return "";
    }

    /// <summary>Where a hierarchy is mounted.</summary>
    private static string[] Hierarchies(string controllers) =>
        controllers.Length == 0 ? ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"] : [$"/sys/fs/cgroup/{controllers.Replace("name=", "", StringComparison.Ordinal)}"];

    private string Arguments(int pid, int max) => (_commands.Read(Of(pid, "cmdline"), max, () => Answerable(pid)) ?? "").TrimEnd('\0');

    /// <summary>Who answers for what a process does to whoever looks at it: the maker of its user namespace, or its user in its pid namespace, for root there may be nobody here.</summary>
    private string Answerable(int pid) =>
        Namespace(pid, "user") != Own("user") && MakerOf(pid) is { } maker ? $"{maker}" : $"{EffectiveUser(pid)} {Namespace(pid, "pid")}";

    private uint? MakerOf(int pid) => TargetNamespace.MakerOfUsers(PathOf(pid, "ns/user"));

    private static string Of(int pid, string file) => $"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/{file}";
}
