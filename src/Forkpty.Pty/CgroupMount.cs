using System.Text;

namespace Forkpty;

/// <summary>A hierarchy of control groups that is mounted here; cgroups(7).</summary>
/// <param name="Root">The group that is mounted: <c>/</c>, or one below.</param>
/// <param name="Point">Where it is mounted.</param>
/// <param name="Options">Of a hierarchy of version 1 its options, its controllers among them; null for version 2.</param>
internal readonly record struct CgroupMount(string Root, string Point, string? Options)
{
    private const int PointField = 4;
    private const int FirstTag = 6;

    /// <summary>All of them; proc_pid_mountinfo(5).</summary>
    /// <param name="mountinfo">The text of /proc/PID/mountinfo; null counts as no mount.</param>
    public static List<CgroupMount> All(string? mountinfo)
    {
        List<CgroupMount> mounts = [];
        ReadOnlySpan<char> text = mountinfo;
        foreach (Range line in text.Split('\n'))
        {
            if (TryParse(text[line], out CgroupMount mount))
                mounts.Add(mount);
        }

        return mounts;
    }

    /// <summary>Whether it is the hierarchy of these controllers (cpu,cpuacct or name=systemd), or with none that of version 2.</summary>
    public bool Has(ReadOnlySpan<char> controllers)
    {
        if (controllers.IsEmpty || Options is null)
            return controllers.IsEmpty && Options is null;
        foreach (Range controller in controllers.Split(','))
        {
            if (!HasOption(controllers[controller]))
                return false;
        }

        return true;
    }

    private bool HasOption(ReadOnlySpan<char> wanted)
    {
        ReadOnlySpan<char> options = Options;
        foreach (Range option in options.Split(','))
        {
            if (options[option].SequenceEqual(wanted))
                return true;
        }

        return false;
    }

    /// <summary>Where a group of it is to be found: null where it is not below what is mounted.</summary>
    public string? PathOf(string group) => OwnCgroup.Below(Root, group) is { } below ? Point.TrimEnd('/') + below : null;

    /// <summary>36 35 98:0 ROOT POINT OPTIONS [TAGS ...] - TYPE SOURCE OPTIONS; the last two, as TAGS, may be anything.</summary>
    private static bool TryParse(ReadOnlySpan<char> line, out CgroupMount mount)
    {
        mount = default;
        if (!line.Contains(" - cgroup", StringComparison.Ordinal)) return false; // nearly all others
        Span<Range> fields = stackalloc Range[64];
        int count = line.Split(fields, ' ');
        int dash = FirstTag;
        while (dash < count && line[fields[dash]] is not "-")
            dash++;
        if (dash + 1 >= count || line[fields[dash + 1]] is not ("cgroup" or "cgroup2")) return false;
        string root = Unescape(line[fields[PointField - 1]]), point = Unescape(line[fields[PointField]]);
        if (root is not ['/', ..] || point is not ['/', ..]) return false;
        mount = new CgroupMount(root, point, line[fields[dash + 1]] is "cgroup" ? line[fields[count - 1]].ToString() : null);
        return true;
    }

    /// <summary>The kernel writes spaces, tabs, line ends and backslashes as a backslash and three octal digits.</summary>
    private static string Unescape(ReadOnlySpan<char> field)
    {
        if (!field.Contains('\\')) return field.ToString();
        var text = new StringBuilder(field.Length);
        for (int i = 0; i < field.Length; i++)
        {
            if (field[i] == '\\' && i + 3 < field.Length && field.Slice(i + 1, 3).IndexOfAnyExceptInRange('0', '7') < 0)
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
