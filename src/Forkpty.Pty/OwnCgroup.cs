using System.Diagnostics.CodeAnalysis;
using System.Text;
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
        foreach ((string root, string point) in Mounts(BoundedFile.TryRead(self, "mountinfo", MaxMounts)))
        {
            if (Below(root, name) is not { } below)
                continue;
            path = point.TrimEnd('/') + below;
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

    /// <summary>The mounts of cgroup2 in /proc/self/mountinfo: which group is mounted, and where; proc_pid_mountinfo(5).</summary>
    /// <param name="mountinfo">The file's text.</param>
    /// <param name="controllers">Null for version 2; for version 1 the controllers of the hierarchy, separated by commas.</param>
    internal static IEnumerable<(string Root, string Point)> Mounts(string? mountinfo, string? controllers = null)
    {
        foreach (string line in (mountinfo ?? "").Split('\n'))
        {
            // 36 35 98:0 ROOT POINT OPTIONS [TAGS ...] - TYPE SOURCE OPTIONS; the last two, as TAGS, may be anything.
            string[] fields = line.Split(' ');
            int dash = Array.IndexOf(fields, "-", Math.Min(6, fields.Length));
            if (dash >= 6 && dash + 1 < fields.Length && fields[dash + 1] == (controllers is null ? "cgroup2" : "cgroup") && Unescape(fields[4]) is ['/', ..] point && Unescape(fields[3]) is ['/', ..] root)
            {
                if (controllers is null || HasAll(fields[^1], controllers))
                    yield return (root, point);
            }
        }
    }

    private static bool HasAll(string options, string controllers)
    {
        string[] mounted = options.Split(',');
        foreach (string controller in controllers.Split(','))
        {
            if (Array.IndexOf(mounted, controller) < 0)
                return false;
        }

        return true;
    }

    /// <summary>Where a group is below the one that is mounted: "" or "/a/b"; null where it is not.</summary>
    internal static string? Below(string root, string name)
    {
        root = root.TrimEnd('/');
        name = name.TrimEnd('/');
        return name.StartsWith(root, StringComparison.Ordinal) && (name.Length == root.Length || name[root.Length] == '/') ? name[root.Length..] : null;
    }

    /// <summary>The kernel writes spaces, tabs, line ends and backslashes as a backslash and three octal digits.</summary>
    private static string Unescape(string field)
    {
        var text = new StringBuilder(field.Length);
        for (int i = 0; i < field.Length; i++)
        {
            if (field[i] == '\\' && i + 3 < field.Length && field.AsSpan(i + 1, 3).IndexOfAnyExceptInRange('0', '7') < 0)
            {
                text.Append((char)(((field[i + 1] - '0') << 6) | ((field[i + 2] - '0') << 3) | (field[i + 3] - '0')));
                i += 3;
            }
            else
                text.Append(field[i]);
        }

        return text.ToString();
    }
}
