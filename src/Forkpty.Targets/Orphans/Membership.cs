namespace Forkpty.Targets;

/// <summary>
/// Which of some targets a process is in, told by what nobody shares with a target by chance. A control group alone is no such thing: all that was started from a login session is in that
/// session's, a jail as well as an unrelated job. docs/attach.md has the rule.
/// </summary>
internal sealed class Membership
{
    private readonly HostProcesses _processes;
    private readonly Dictionary<int, ProcessStat> _all = [];
    private readonly Dictionary<int, string?> _spaces = [];
    private readonly Dictionary<int, string?> _groups = [];
    private readonly Dictionary<int, string?> _pids = [];
    private readonly List<(Target Target, Predicate<int> IsIn, bool HasDescendants)> _rules = [];

    public Membership(HostProcesses processes, IReadOnlyList<Target> targets)
    {
        _processes = processes;
        All = processes.All();
        foreach (ProcessStat process in All)
            _all[process.Pid] = process;
        foreach (Target target in targets)
        {
            if (RuleOf(target, out bool hasDescendants) is { } isIn)
                _rules.Add((target, isIn, hasDescendants));
            else
                Untold.Add(target);
        }
    }

    /// <summary>Every process, the oldest first.</summary>
    public List<ProcessStat> All { get; }

    /// <summary>Those that have nothing of their own by which it could be told who is in them, or nothing that is shown to us.</summary>
    public List<Target> Untold { get; } = [];

    /// <summary>The target that a process is in; of several the innermost. Null for none, and for the first process of one.</summary>
    public Target? Of(ProcessStat process)
    {
        if (_rules.Exists(rule => rule.Target.ProcessId == process.Pid)) return null;
        for (int pid = process.Pid, steps = 0; _all.TryGetValue(pid, out ProcessStat each) && steps <= _all.Count; pid = each.Parent, steps++)
        {
            foreach ((Target target, Predicate<int> isIn, bool hasDescendants) in _rules)
            {
                if ((hasDescendants || pid == process.Pid) && isIn(pid))
                    return target;
            }
        }

        return null;
    }

    private Predicate<int>? RuleOf(Target target, out bool hasDescendants)
    {
        int first = target.ProcessId;
        string group = Group(first) ?? "";

        // Of a service only its group is its own: who logs in by one has its namespaces, and is its child, in a session of his own.
        hasDescendants = target.Kind != TargetKind.Systemd;
        if (!hasDescendants)
            return group.EndsWith($"/{target.Name}", StringComparison.Ordinal) ? pid => IsBelow(pid, group) : null;

        if (Numbering(first) is { } pids && pids != _processes.Own("pid"))
            return pid => Numbering(pid) == pids;

        if (GroupOf(target.Id, group) is { } own)
            return pid => IsBelow(pid, own);

        // Where somebody older has the very same namespaces, it was born in them, and they are not its own.
        hasDescendants = target.Kind != TargetKind.Process;
        if (Spaces(first) is not { } spaces || spaces == OwnSpaces() || All.Exists(process => process.Start < target.StartTime && Spaces(process.Pid) == spaces))
            return null;
        return pid => Spaces(pid) == spaces && (group.Length <= 1 || IsBelow(pid, group));
    }

    private bool IsBelow(int pid, string group) => $"{Group(pid)}/".StartsWith($"{group}/", StringComparison.Ordinal);

    /// <summary>Of a control group the part that an engine has made for the container of an id.</summary>
    private static string? GroupOf(string id, string group)
    {
        int end = 0;
        foreach (string part in group.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            end += part.Length + 1;
            if (PodLogs.IdOf(part) is { } its && its == id) return group[..end];
        }

        return null;
    }

    /// <summary>All namespaces of a process as one word; null where they are hidden.</summary>
    private string? Spaces(int pid) =>
        Once(_spaces, pid, pid => _processes.Namespace(pid, "mnt") is null ? null : string.Concat(Array.ConvertAll(TargetNamespace.Names, kind => _processes.Namespace(pid, kind))));

    private string? Group(int pid) => Once(_groups, pid, _processes.Cgroup);

    private string? Numbering(int pid) => Once(_pids, pid, pid => _processes.Namespace(pid, "pid"));

    /// <summary>Each process is asked for by many rules, and read once.</summary>
    private static string? Once(Dictionary<int, string?> known, int pid, Func<int, string?> read)
    {
        if (!known.TryGetValue(pid, out string? value))
            known[pid] = value = read(pid);
        return value;
    }

    private string OwnSpaces() => string.Concat(Array.ConvertAll(TargetNamespace.Names, _processes.Own));
}
