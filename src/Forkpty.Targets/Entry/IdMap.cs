using System.Globalization;

namespace Forkpty.Targets;

/// <summary>Which ids of a user namespace are which of ours; /proc/PID/uid_map, user_namespaces(7).</summary>
internal sealed class IdMap
{
    private readonly List<(uint Inside, uint Outside, uint Count)> _ranges = [];

    /// <summary>Lines of "inside outside count"; what cannot be read maps nobody.</summary>
    public IdMap(string? lines)
    {
        foreach (string line in (lines ?? "").Split('\n'))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 3 && uint.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out uint inside)
                && uint.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out uint outside)
                && uint.TryParse(words[2], NumberStyles.None, CultureInfo.InvariantCulture, out uint count))
                _ranges.Add((inside, outside, count));
        }
    }

    /// <summary>The id inside that is this one of ours; null where there is none.</summary>
    public uint? Inside(uint outside)
    {
        foreach ((uint first, uint from, uint count) in _ranges)
        {
            if (outside >= from && outside - from < count)
                return first + (outside - from);
        }

        return null;
    }

    /// <summary>Our id for one inside; null where there is none.</summary>
    public uint? Outside(uint inside)
    {
        foreach ((uint from, uint first, uint count) in _ranges)
        {
            if (inside >= from && inside - from < count)
                return first + (inside - from);
        }

        return null;
    }
}
