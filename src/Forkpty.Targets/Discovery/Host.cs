using System.Globalization;

namespace Forkpty.Targets;

/// <summary>A machine, and what runs on it that can be attached to: found in /proc and in the state that runtimes keep in files, without asking any daemon.</summary>
public sealed partial class Host
{
    /// <summary>Of a command line as much as a person reads.</summary>
    private const int MaxCommand = 2_000;

    /// <summary>For who may not see everything: the end of a sentence.</summary>
    internal const string NotYours = "of processes that are not yours nothing can be told; as root all are looked at";

    private readonly HostFiles _files;
    private readonly HostProcesses _processes;
    private long? _booted;

    internal Host(string root)
    {
        _files = new HostFiles(root);
        _processes = new HostProcesses(_files);
    }

    /// <summary>This machine, as far as the caller may see it.</summary>
    public static Host Local { get; } = new("");

    internal HostFiles Files => _files;

    internal HostProcesses Processes => _processes;

    /// <summary>Who asks; it is the same for every target.</summary>
    internal Caller Caller => field ??= Caller.Of(_files);

    /// <summary>What runs: containers, machines, pods, jails, sorted by kind and name.</summary>
    /// <param name="units">Whether the services of systemd are listed too.</param>
    /// <returns>A state file that is broken, or tells of a process that has ended, leaves out its own container alone.</returns>
    public IReadOnlyList<Target> List(bool units = false)
    {
        List<Target> targets = All(units);
        for (int i = 0; i < targets.Count; i++)
            targets[i] = targets[i] with { Command = Readable.Beginning(CommandOf(targets[i]), MaxCommand) };
        return targets;
    }

    /// <summary>The same without their commands: to read those takes the good will of each process, or time.</summary>
    private List<Target> All(bool units)
    {
        var targets = new List<Target>();
        List<Clue> clues = ContainerClues.All(_files);
        clues.AddRange(ProcessClues.All(_files, _processes, units));
        List<Clue> ordered = clues.FindAll(static clue => clue.Owner == 0);
        ordered.AddRange(clues.FindAll(static clue => clue.Owner != 0));
        foreach (Clue clue in ordered)
        {
            // The same process by another way: what root says comes before what a user says, and what a runtime says before what a control group's name lets guess. A unit is not its process.
            if (Confirm(clue) is { } target && (target.Kind == TargetKind.Systemd || !targets.Exists(other => other.ProcessId == target.ProcessId && other.Kind != TargetKind.Systemd)))
                targets.Add(target);
        }

        targets.Sort(static (a, b) => a.Kind != b.Kind ? a.Kind.CompareTo(b.Kind) : a.Name != b.Name ? string.CompareOrdinal(a.Name, b.Name) : a.ProcessId.CompareTo(b.ProcessId));
        return targets;
    }

    /// <summary>The one target of a name: <c>KIND:NAME</c>, <c>pid:N</c>, or a name, number or beginning of an id alone, which is looked up in all kinds.</summary>
    /// <param name="name">The name.</param>
    /// <param name="among">Which targets there are for whoever asks; no word is said of others. Null for all.</param>
    /// <exception cref="TargetException">There is none, or more than one; or none but other users' has a name that is given without its kind.</exception>
    public Target Find(string name, Predicate<Target>? among = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Fits(name, out string missing, out _, among) switch
        {
            [var one] => one,
            [] => throw new TargetException(missing),
            var fits => throw new TargetException(Ambiguous(name, fits)),
        };
    }

    /// <summary>All that a name may mean.</summary>
    /// <param name="name">As for <see cref="Find"/>.</param>
    /// <param name="missing">Where there is nothing: the sentence.</param>
    /// <param name="isKnown">Where there is nothing: whether the name means something all the same, that does not run or is another user's.</param>
    /// <param name="among">As for <see cref="Find"/>.</param>
    /// <exception cref="TargetException">There is no such kind.</exception>
    internal List<Target> Fits(string name, out string missing, out bool isKnown, Predicate<Target>? among = null)
    {
        (missing, isKnown) = ("", false);
        (TargetKind? kind, string rest) = TargetName.Parse(name);
        if (kind == TargetKind.Process)
        {
            if (among is null)
                return [Process(rest, name)];
            return TargetName.ProcessId(rest) is { } id && Process(id) is { } named && among(named) ? [named]
                : throw new TargetException($"{Readable.Of(name)}: there is no such process, or you have no way in");
        }

        // A number is nearly always a process's own. To read all that runs takes 20 ms and more, so it is done only where a container has such a name or id.
        Target? process = kind is null && TargetName.ProcessId(rest) is { } pid ? Process(pid) : null;
        if (process is not null && among?.Invoke(process) == false)
            process = null;
        if (process is not null && !RuntimeState.IsAnyNamed(_files, rest))
            return [process];

        IReadOnlyList<Target> all = among is null ? All(units: true) : Where(All(units: true), among);
        List<Target> fits = Fitting(all, rest, kind);
        string? refusal = IsOfOthers(fits) ? Refusal(name, kind, fits) : null;
        if (refusal is not null)
            fits.Clear();
        if (process is not null && !fits.Exists(fit => fit.ProcessId == process.ProcessId))
            fits.Add(process);
        if (fits.Count > 0) return fits;
        string? known = among is null ? refusal ?? Stopped(name) : null;
        isKnown = known is not null;
        missing = known ?? Missing(name, rest, kind, all) + (among is null && HidesSome(all) ? $"; {NotYours}" : "");
        return fits;
    }

    /// <summary>Which of some a name may mean.</summary>
    internal static List<Target> Meant(string name, List<Target> some)
    {
        (TargetKind? kind, string rest) = TargetName.Parse(name);
        return Fitting(some, rest, kind);
    }

    /// <summary>The names of targets by which each is told from the others.</summary>
    internal static List<string> Choices(List<Target> fits)
    {
        var choices = new List<string>();
        foreach (Target fit in fits)
        {
            bool isAlone = Where(fits, other => other.FullName == fit.FullName).Count == 1;
            choices.Add(Readable.Of(isAlone ? fit.FullName : fit.Id.Length > 0 && fit.Id != fit.Name ? $"{TargetName.Prefix(fit.Kind)}:{fit.Id}" : $"pid:{TargetName.Number(fit.ProcessId)}"));
        }

        return choices;
    }

    /// <summary>
    /// Whether something runs that may be a target and cannot be told from any other process, because its namespaces are hidden from us: it is the first process of a pid namespace, or looks like a jail's router.
    /// </summary>
    /// <param name="seen">The targets that can be told from others.</param>
    internal bool HidesSome(IReadOnlyList<Target> seen)
    {
        if (Caller.UserId == 0) return false; // and nobody sees more
        foreach (ProcessStat process in _processes.All())
        {
            bool isHidden = _processes.Namespace(process.Pid, "pid") is null && (HostProcesses.Numbers(_processes.Status(process.Pid)) is [_, .., "1"] || ProcessClues.IsRouter(_processes, process));
            if (isHidden && Where(seen, target => target.ProcessId == process.Pid).Count == 0)
                return true;
        }

        return false;
    }

    /// <summary>What a person would call the program of a target. A jail's router has been started by fpty itself, and shows a descriptor.</summary>
    internal string CommandOf(Target target)
    {
        if (target.Kind != TargetKind.Jail) return _processes.Command(target.ProcessId);
        List<UnixSocket> listening = _processes.Sockets(target.ProcessId).FindAll(static socket => socket.Listens);
        return listening.Count == 0 ? "fpty serve" : $"fpty serve ({string.Join(", ", listening.ConvertAll(static socket => socket.Path))})";
    }

    /// <summary>The target as it is now, or null where its process has ended; the number may be another's by now.</summary>
    internal ProcessStat? Current(Target target) =>
        _processes.Find(target.ProcessId) is { } process && process.Start == target.StartTime && process.IsAlive ? process : null;

    /// <summary>A tick since boot as seconds since 1970; 0 where the host does not tell when it started.</summary>
    internal long StartedAt(ulong ticks) => (_booted ??= Booted()) is > 0 and var booted ? booted + (long)(ticks / 100) : 0;

    private long Booted()
    {
        foreach (string line in (_files.Text("/proc/stat", 1 << 20) ?? "").Split('\n'))
        {
            if (line.StartsWith("btime ", StringComparison.Ordinal) && long.TryParse(line.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out long booted))
                return booted;
        }

        return 0;
    }

    private Target? Confirm(Clue clue)
    {
        if (_processes.Find(clue.ProcessId) is not { IsAlive: true } process || !IsSame(clue, process) || !_processes.BelongsTo(clue.ProcessId, clue.Owner))
            return null;
        return Make(clue.Kind, clue.Name, process) with { Id = clue.Id, Image = clue.Image, Owner = clue.Owner };
    }

    private bool IsSame(Clue clue, ProcessStat process) =>
        clue.Start is { } start ? process.Start == start
        : clue.Mark is { } mark ? IsGroupOf(clue, mark, process) || IsMonitorOf(clue, mark, process.Parent)
        : clue.Before is not { } before || process.Start <= before;

    private bool IsGroupOf(Clue clue, string mark, ProcessStat process)
    {
        string group = _processes.Cgroup(process.Pid, out string controllers);
        int at = group.IndexOf(mark, StringComparison.Ordinal);
        if (at < 0) return false;
        int end = group.IndexOf('/', at);
        uint owner = _processes.OwnerOfCgroup(controllers, end < 0 ? group : group[..end]);
        return owner == 0 || owner == clue.Owner;
    }

    /// <summary>Where there are no control groups, podman's monitor tells: one of the container's own user, for anybody's process may have such arguments.</summary>
    private bool IsMonitorOf(Clue clue, string mark, int parent) =>
        _processes.Name(parent) == "conmon" && _processes.EffectiveUser(parent) == clue.Owner && Array.IndexOf(_processes.Arguments(parent), mark) >= 0;

    private Target Make(TargetKind kind, string name, ProcessStat process) => new(kind, name, process.Pid, process.Start) { UserId = _processes.EffectiveUser(process.Pid) ?? 0 };

    private Target? Process(int pid) => _processes.Find(pid) is { } process ? Make(TargetKind.Process, TargetName.Number(pid), process) : null;

    private Target Process(string number, string name)
    {
        if (TargetName.ProcessId(number) is not { } pid)
            throw new TargetException($"{Readable.Of(name)}: a process is named by its number, as in pid:4711");
        return Process(pid) ?? throw new TargetException($"pid:{pid.ToString(CultureInfo.InvariantCulture)}: there is no process of this number, or it is hidden from you");
    }

    /// <summary>
    /// A whole name comes before the beginning of an id, and a unit is asked for last: it has often the name of the container that it runs. A name that root or the caller has given is
    /// not for other users to give again.
    /// </summary>
    private static List<Target> Fitting(IReadOnlyList<Target> all, string name, TargetKind? kind)
    {
        List<Target> fits = Where(all, target => IsOf(target, kind) && (kind is not null || target.Kind != TargetKind.Systemd || target.Name == name) && TargetName.Fits(name, target));
        if (fits.Count == 0)
            fits = Where(all, target => IsOf(target, kind) && TargetName.BeginsId(name, target));
        if (fits.Count == 0 && kind is null)
            fits = Where(all, target => TargetName.Fits(name, target));
        List<Target> own = Where(fits, static target => !target.IsOfAnother);
        return own.Count > 0 ? own : fits;
    }

    /// <summary>Whether neither root nor the caller has given a name to what it fits: there is none but of other users then.</summary>
    private static bool IsOfOthers(List<Target> fits) => fits is [{ IsOfAnother: true }, ..];

    /// <summary>Why a name does not mean what other users call so; null where it does. They call theirs what they like, so whoever means one says its kind, and nothing of root's or of the caller's may have the name, running or not.</summary>
    private string? Refusal(string name, TargetKind? kind, List<Target> fits)
    {
        string? stopped = Stopped(name);
        if (stopped is not null || kind is not null) return stopped;
        List<string> choices = Choices(fits);
        for (int i = 0; i < fits.Count; i++)
            choices[i] += $" (of user {fits[i].Owner.ToString(CultureInfo.InvariantCulture)})";
        return $"{Readable.Of(name)}: only other users have something of this name; if you mean one, give its kind too: {string.Join(", ", choices)}{(fits.Exists(static fit => fit.Kind == TargetKind.Jail) ? "; a jail counts as its user's, whoever has made it" : "")}";
    }

    private static bool IsOf(Target target, TargetKind? kind) => kind is null || target.Kind == kind;

    private static List<Target> Where(IReadOnlyList<Target> all, Predicate<Target> fits)
    {
        var some = new List<Target>();
        foreach (Target target in all)
        {
            if (fits(target))
                some.Add(target);
        }

        return some;
    }

    private static string Missing(string name, string rest, TargetKind? kind, IReadOnlyList<Target> all)
    {
        var names = new List<string>();
        foreach (Target target in all)
        {
            if (IsOf(target, kind))
                names.Add(target.Name);
        }

        string what = kind is not null ? "nothing of this kind and name runs" : TargetName.ProcessId(rest) is { } pid ? $"there is no process {TargetName.Number(pid)}, and nothing else has this name" : "nothing that runs has this name";
        string? nearest = NearestName.Find(rest, names);
        return $"{Readable.Of(name)}: {what}; {(nearest is null ? "fpty ps --all lists what does" : $"the nearest is {Readable.Of(Where(all, target => IsOf(target, kind) && target.Name == nearest)[0].FullName)}")}";
    }

    private static string Ambiguous(string name, List<Target> fits) => $"{Readable.Of(name)}: more than one has this name; give one of {string.Join(", ", Choices(fits))}";
}
