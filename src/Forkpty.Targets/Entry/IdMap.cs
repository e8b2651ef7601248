using System.Globalization;

namespace Forkpty.Targets;

/// <summary>Which ids of a user namespace are which of ours; /proc/PID/uid_map, user_namespaces(7).</summary>
internal sealed class IdMap
{
    private readonly uint[] _ranges; // inside, outside, count; and so on

    /// <summary>Lines of "inside outside count"; where they cannot be read nobody is mapped.</summary>
    /// <param name="lines">The file's text.</param>
    /// <param name="isOurs">Of the namespace that we are in ourselves the kernel tells the ids of the one above: for us, those that exist are what they are.</param>
    public IdMap(string? lines, bool isOurs = false)
    {
        string[] words = (lines ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        _ranges = new uint[words.Length / 3 * 3];
        for (int i = 0; i < _ranges.Length; i++)
            _ = uint.TryParse(words[i], NumberStyles.None, CultureInfo.InvariantCulture, out _ranges[i]);
        for (int i = 0; i < _ranges.Length && isOurs; i += 3)
            _ranges[i + 1] = _ranges[i];
    }

    /// <summary>The id inside that is this one of ours; null where there is none.</summary>
    public uint? Inside(uint outside) => Translate(outside, from: 1, to: 0);

    /// <summary>Our id for one inside; null where there is none.</summary>
    public uint? Outside(uint inside) => Translate(inside, from: 0, to: 1);

    private uint? Translate(uint id, int from, int to)
    {
        for (int i = 0; i < _ranges.Length; i += 3)
        {
            if (id >= _ranges[i + from] && id - _ranges[i + from] < _ranges[i + 2])
                return _ranges[i + to] + (id - _ranges[i + from]);
        }

        return null;
    }
}
