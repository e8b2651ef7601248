namespace Forkpty.Targets;

/// <summary>Targets that only their processes tell of: LXC, Incus, pods of a runtime whose state is not here, units, jails.</summary>
internal static class ProcessClues
{
    private const string LxcGroup = "lxc.payload.";
    private const string LxcMonitor = "[lxc monitor] ";
    private const string Mounts = "mnt";
    private const string Pids = "pid";

    /// <summary>The namespaces that a jail can have of its own.</summary>
    private static readonly string[] Kinds = [Mounts, Pids, "user", "net", "ipc", "uts"];

    /// <param name="files">The host.</param>
    /// <param name="processes">Its processes.</param>
    /// <param name="units">Whether units of systemd are wanted too; there are many.</param>
    public static List<Clue> All(HostFiles files, HostProcesses processes, bool units)
    {
        var logs = new PodLogs(files, processes);
        var found = new List<Clue>();
        var seen = new HashSet<string>();
        string?[] own = Array.ConvertAll(Kinds, kind => (kind == Mounts ? processes.Namespace(1, kind) : null) ?? processes.Own(kind));
        foreach (ProcessStat process in processes.All())
        {
            string group = processes.Cgroup(process.Pid, out string controllers);
            int end = 0;
            foreach (string part in group.Split('/', StringSplitOptions.RemoveEmptyEntries))
            {
                // What is below a container's own group, it may have made itself.
                end += part.Length + 1;
                string upTo = group[..end];
                string? id = PodLogs.IdOf(part);
                bool isOfContainer = id is not null || part.StartsWith(LxcGroup, StringComparison.Ordinal) || part.StartsWith("systemd-nspawn@", StringComparison.Ordinal) || (part.StartsWith("machine-", StringComparison.Ordinal) && part.EndsWith(".scope", StringComparison.Ordinal));
                // The first process of a group is the oldest; units are the innermost part.
                Clue? clue =
                    part.StartsWith(LxcGroup, StringComparison.Ordinal) ? Lxc(processes, process, part[LxcGroup.Length..])
                    : id is not null && upTo.Contains("kubepods", StringComparison.Ordinal) ? new Clue(TargetKind.Kubernetes, logs.Name(id, upTo, process.Pid), process.Pid) { Id = id }
                    : units && part.EndsWith(".service", StringComparison.Ordinal) && end == group.Length ? new Clue(TargetKind.Systemd, part, process.Pid)
                    : null;
                if (clue is not null && seen.Add(upTo))
                {
                    clue.Start = process.Start;
                    clue.Owner = processes.OwnerOfCgroup(controllers, upTo);
                    found.Add(clue);
                }

                if (isOfContainer) break;
            }

            if ((Jail(processes, process, own) ?? Machine(processes, process)) is { } apart)
            {
                apart.Start = process.Start;
                found.Add(apart);
            }
        }

        return found;
    }

    /// <summary>The parent of an LXC container's first process names itself: <c>[lxc monitor] DIRECTORY NAME</c>.</summary>
    private static Clue Lxc(HostProcesses processes, ProcessStat process, string name)
    {
        string monitor = processes.Command(process.Parent);
        int space = monitor.LastIndexOf(' ');
        bool isIncus = false;
        if (monitor.StartsWith(LxcMonitor, StringComparison.Ordinal) && space > LxcMonitor.Length)
        {
            string directory = monitor[LxcMonitor.Length..space];
            isIncus = directory.Contains("/incus/", StringComparison.Ordinal) || directory.Contains("/lxd/", StringComparison.Ordinal);
            name = monitor[(space + 1)..];
        }

        return new Clue(isIncus ? TargetKind.Incus : TargetKind.Lxc, name, process.Pid);
    }

    /// <summary>A machine of systemd-nspawn that machined does not know (<c>--register=no</c>): named as its monitor's arguments name it, or by its directory. A monitor is a program of this machine, for root of a container is its root too.</summary>
    private static Clue? Machine(HostProcesses processes, ProcessStat process)
    {
        if (processes.Name(process.Parent) != "systemd-nspawn" || processes.Namespace(process.Pid, Pids) == processes.Own(Pids))
            return null;
        if (processes.Namespace(process.Parent, Pids) != processes.Own(Pids) || !processes.IsOfThisMachine(process.Parent))
            return null;
        string[] words = processes.Arguments(process.Parent);
        string? directory = null, name = null;
        for (int i = 1; i < words.Length; i++)
        {
            string next = i + 1 < words.Length ? words[i + 1] : "";
            switch (words[i])
            {
                case "-M" or "--machine": name ??= next; break;
                case "-D" or "--directory": directory ??= next; break;
                case ['-', '-', 'm', 'a', 'c', 'h', 'i', 'n', 'e', '=', .. var named]: name ??= named; break;
                case ['-', '-', 'd', 'i', 'r', 'e', 'c', 't', 'o', 'r', 'y', '=', .. var there]: directory ??= there; break;
            }
        }

        name ??= directory?.TrimEnd('/').Split('/')[^1];
        return string.IsNullOrEmpty(name) ? null : new Clue(TargetKind.Machine, name, process.Pid) { Image = directory ?? "", Owner = processes.EffectiveUser(process.Parent) ?? uint.MaxValue };
    }

    /// <summary>The router of a jail is fpty's last stage in namespaces that are not the host's. Whoever wants to look like one may: it counts as its user's, and so not before what is root's. But root of a container is not: what a container has called so has no name.</summary>
    private static Clue? Jail(HostProcesses processes, ProcessStat process, string?[] own)
    {
        if (process.Threads < 2) return null;
        bool isApart = false;
        for (int i = 0; i < Kinds.Length && !isApart; i++)
            isApart = processes.Namespace(process.Pid, Kinds[i]) is { } inside && own[i] is { } here && inside != here;
        if (!isApart || !IsRouter(processes, process) || !(processes.IsOfThisMachine(process.Pid) || processes.IsOurProgram(process.Pid))) return null;
        (string number, string name) = (TargetName.Number(process.Pid), processes.Arguments(process.Pid)[0]);
        return new Clue(TargetKind.Jail, name == "fpty" ? number : name, process.Pid) { Id = number, Owner = processes.EffectiveUser(process.Pid) ?? uint.MaxValue };
    }

    /// <summary>Whether it calls itself the last stage of a jail's router. That one has a thread for each of its loops, and most processes have no second one.</summary>
    public static bool IsRouter(HostProcesses processes, ProcessStat process) => process.Threads > 1 && processes.Arguments(process.Pid) is [_, "__serve", ..];
}
