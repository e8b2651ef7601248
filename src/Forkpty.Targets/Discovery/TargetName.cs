using System.Globalization;

namespace Forkpty.Targets;

/// <summary>How a person names a target: <c>KIND:NAME</c>, or <c>NAME</c> alone.</summary>
internal static class TargetName
{
    /// <summary>Of an id as many digits as no person types by chance.</summary>
    private const int LeastOfId = 4;

    private const string Sandbox = "/sandbox";

    /// <summary>In the order of <see cref="TargetKind"/>.</summary>
    private static readonly string[] Prefixes = ["pid", "docker", "podman", "lxc", "incus", "machine", "k8s", "runc", "crun", "systemd", "jail"];

    public static string Kinds => string.Join(", ", Prefixes);

    public static string Prefix(TargetKind kind) => Prefixes[(int)kind];

    /// <summary>The kind, where one is given, and the rest. A text with a colon is one of a kind, for no runtime allows a colon in a name.</summary>
    /// <exception cref="TargetException">There is no such kind, or nothing after it.</exception>
    public static (TargetKind? Kind, string Name) Parse(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string name = text[(colon + 1)..];
        if (name.Length == 0)
            throw new TargetException($"{Readable.Of(text)}: the name of a target is missing, as in podman:web; fpty ps lists them");
        if (colon < 0)
            return (null, name);
        string prefix = text[..colon] switch { "lxd" => "incus", "nspawn" => "machine", "unit" => "systemd", "cri" => "k8s", var other => other };
        int kind = Array.IndexOf(Prefixes, prefix);
        if (kind >= 0)
            return ((TargetKind)kind, name);
        string? nearest = NearestName.Find(prefix, Prefixes);
        throw new TargetException($"{Readable.Of(text)}: there is no kind of target {Readable.Of(prefix)}; {(nearest is null ? $"there are {Kinds}" : $"the nearest is {nearest}:")}");
    }

    /// <summary>Whether a word names its kind, and so can be nothing but a target.</summary>
    public static bool IsOfAKind(string text) => text.Contains(':', StringComparison.Ordinal);

    /// <summary>Whether a pattern, in which * and ? stand for what is left open, can be a target's name with its kind.</summary>
    public static bool CanMatch(string pattern)
    {
        int open = pattern.AsSpan().IndexOfAny("*?\\");
        string beginning = open < 0 ? pattern : pattern[..open];
        foreach (string prefix in Prefixes)
        {
            string kind = prefix + ":";
            if (beginning.StartsWith(kind, StringComparison.Ordinal) ? pattern.Length > kind.Length : open >= 0 && kind.StartsWith(beginning, StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    public static string Number(int pid) => pid.ToString(CultureInfo.InvariantCulture);

    public static int? ProcessId(string name) => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && pid > 0 ? pid : null;

    /// <summary>Whether a name means a target: its name, its id, or for Kubernetes some neighbouring parts of NAMESPACE/POD/CONTAINER.</summary>
    public static bool Fits(string name, Target target) =>
        name == target.Name || name == target.Id || target.Kind switch
        {
            // Every pod has its sandbox, in which nobody works: it is meant by its name only.
            TargetKind.Kubernetes => $"/{target.Name}/".Contains($"/{name}/", StringComparison.Ordinal) && (!target.Name.EndsWith(Sandbox, StringComparison.Ordinal) || $"/{name}".EndsWith(Sandbox, StringComparison.Ordinal)),
            TargetKind.Systemd => target.Name == $"{name}.service",
            _ => false,
        };

    /// <summary>Whether a name is the beginning of a target's id. A name that a person chose has no beginning: <c>we</c> is not <c>web</c>.</summary>
    public static bool BeginsId(string name, Target target) =>
        name.Length >= LeastOfId && target.Id != target.Name && target.Id.StartsWith(name, StringComparison.Ordinal);
}
