namespace Forkpty.Targets;

/// <summary>How to get into the control groups of a target, of version 1 and 2; cgroups(7).</summary>
internal static class TargetCgroups
{
    /// <param name="Files">
    /// Of version 1, the files that a process with one thread writes a 0 into. Into cgroup.procs it would do the same, but wait for a grace period of the kernel: 10 ms or more.
    /// </param>
    /// <param name="Unified">The directory of the group of version 2; null where there is none to join.</param>
    /// <param name="Unmatched">A group that cannot be joined, and why; null where all can.</param>
    public sealed record Ways(IReadOnlyList<string> Files, string? Unified, string? Unmatched);

    /// <summary>What to join, of those hierarchies in which the target's group is not ours.</summary>
    /// <param name="target">Lines of "number:controllers:path" (/proc/PID/cgroup).</param>
    /// <param name="own">The same of this process.</param>
    /// <param name="mountinfo">Our mounts (/proc/self/mountinfo).</param>
    public static Ways To(string? target, string? own, string? mountinfo)
    {
        string? unmatched = target is null ? "its control groups, which cannot be read" : null, unified = null;
        List<string> files = [];
        string[] ours = (own ?? "").Split('\n');
        List<CgroupMount> mounts = CgroupMount.All(mountinfo);
        foreach (string line in (target ?? "").Split('\n'))
        {
            string[] fields = line.Split(':', 3);
            if (fields.Length < 3 || Array.IndexOf(ours, line) >= 0) continue;
            string? directory = Directory(fields[1], fields[2], mounts);
            if (directory is null)
                unmatched ??= $"its control group {line}, which is below no mount here";
            else if (fields[1].Length == 0)
                unified = directory;
            else
                files.Add($"{directory}/tasks");
        }

        return new Ways(files, unified, unmatched);
    }

    /// <summary>
    /// Of version 2 the file of the group in which both are: who moves a process must be allowed to write it too, so a user gets nowhere from a group that is not below one of his own.
    /// </summary>
    /// <returns>Null where that group is not to be seen here, or it is the same hierarchy of version 1 only.</returns>
    public static string? CommonFile(string? target, string? own, string? mountinfo)
    {
        if (OwnCgroup.Name(target) is not { } theirs || OwnCgroup.Name(own) is not { } ours || theirs == ours) return null;
        string common = theirs;
        while (common.Length > 1 && OwnCgroup.Below(common, ours) is null)
            common = common[..Math.Max(1, common.LastIndexOf('/'))];
        return Directory("", common, CgroupMount.All(mountinfo)) is { } directory ? $"{directory}/cgroup.procs" : null;
    }

    private static string? Directory(string controllers, string path, List<CgroupMount> mounts)
    {
        foreach (CgroupMount mount in mounts)
        {
            if (mount.Has(controllers) && mount.PathOf(path) is { } directory && !$"{directory}/".Contains("/../", StringComparison.Ordinal))
                return directory;
        }

        return null;
    }
}
