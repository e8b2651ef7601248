using System.Diagnostics.CodeAnalysis;
using Forkpty.Interop;

namespace Forkpty;

/// <summary>The control group of version 2 that this process is in, or another one; cgroups(7).</summary>
internal static class OwnCgroup
{
    private const int MaxCgroup = 64 * 1024;

    /// <summary>A machine with many containers has thousands of mounts, of 200 bytes each.</summary>
    private const int MaxMounts = 4 << 20;

    /// <summary>Opens its directory, or says why there is none.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="reason">Why there is none.</param>
    /// <param name="pid">Whose group it is; null for this process.</param>
    public static SafeFd? TryOpen([NotNullWhen(true)] out string? path, [NotNullWhen(false)] out string? reason, int? pid = null)
    {
        path = null;
        int fd = Libc.open("/proc/self", Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC);
        using SafeFd? self = fd < 0 ? null : new SafeFd(fd);
        reason = "this process is in no control group of version 2";
        if (self is null || Name(BoundedFile.TryRead(self, pid is { } other ? $"../{other}/cgroup" : "cgroup", MaxCgroup)) is not { } name)
            return null;

        reason = $"the control group {name} of this process is below no mount of cgroup2";
        foreach (CgroupMount mount in CgroupMount.All(BoundedFile.TryRead(self, "mountinfo", MaxMounts)))
        {
            path = mount.Has([]) ? mount.PathOf(name) : null;
            if (path is null)
                continue;
            int directory = Libc.open(path, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_NOFOLLOW | Libc.O_CLOEXEC);
            if (directory < 0)
            {
                reason = new KernelException("open", path, directory).Message;
                continue;
            }

            // Something else may be mounted over it.
            if (Libc.fstatfs_type(directory, out uint type) == 0 && type == Libc.CGROUP2_SUPER_MAGIC)
            {
                reason = null;
                return new SafeFd(directory);
            }

            _ = Libc.close(directory);
        }

        path = null;
        return null;
    }

    /// <summary>The group's name in /proc/self/cgroup: the line that begins with "0::". One that was removed, or is outside our cgroup namespace, is none.</summary>
    internal static string? Name(string? cgroup)
    {
        foreach (string line in (cgroup ?? "").Split('\n'))
        {
            if (line.StartsWith("0::/", StringComparison.Ordinal) && !line.EndsWith(" (deleted)", StringComparison.Ordinal) && !$"{line}/".Contains("/../", StringComparison.Ordinal))
                return line[3..];
        }

        return null;
    }

    /// <summary>Where a group is below the one that is mounted: "" or "/a/b"; null where it is not.</summary>
    internal static string? Below(string root, string name)
    {
        root = root.TrimEnd('/');
        name = name.TrimEnd('/');
        return name.StartsWith(root, StringComparison.Ordinal) && (name.Length == root.Length || name[root.Length] == '/') ? name[root.Length..] : null;
    }
}
