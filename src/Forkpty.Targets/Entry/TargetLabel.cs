namespace Forkpty.Targets;

/// <summary>How a program takes on the label that a security module has given to a target; proc(5), /proc/PID/attr.</summary>
internal static class TargetLabel
{
    /// <summary>The file of AppArmor where the kernel has a directory for each module (5.1).</summary>
    public const string OfAppArmor = "/proc/self/attr/apparmor/exec";

    private const string OfAny = "/proc/self/attr/exec";

    /// <summary>The file by which the next exec takes on a label, and what to write into it; nothing where it has that already.</summary>
    /// <param name="target">What /proc/PID/attr/current says of the target: "NAME (MODE)" or "unconfined" of AppArmor; of SELinux it has colons. Null where there is no label.</param>
    /// <param name="own">The same of this process.</param>
    /// <param name="hasOwnFile">Whether <see cref="OfAppArmor"/> is there.</param>
    public static string[] Writes(string? target, string? own, bool hasOwnFile)
    {
        if (target is null || target == own) return [];
        int mode = target.EndsWith(')') ? target.LastIndexOf(" (", StringComparison.Ordinal) : -1; // a profile's name may have parentheses too
        if (mode < 0 && target.Contains(':', StringComparison.Ordinal))
            return [OfAny, target];
        return [hasOwnFile ? OfAppArmor : OfAny, $"exec {(mode < 0 ? target : target[..mode])}"];
    }
}
