namespace Forkpty.Targets;

/// <summary>Names of targets with their kinds, in which * stands for any part, separated by commas.</summary>
internal static class TargetPatterns
{
    public static string[] Split(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>What is wrong with such a list, as the end of a sentence; null where each pattern can be a target's name.</summary>
    public static string? Complaint(string list)
    {
        string[] patterns = Split(list);
        foreach (string pattern in patterns)
        {
            if (!TargetName.CanMatch(pattern))
                return $"no target can be called {pattern}: it is a kind, a colon and a name, as podman:web-*; kinds are {TargetName.Kinds}.";
        }

        return patterns.Length > 0 ? null : "a value is missing.";
    }
}
