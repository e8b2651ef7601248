using System.Text;

namespace Forkpty.Screen;

/// <summary>The hyperlinks that cells refer to, by number. Number 0 is none.</summary>
internal sealed class Links
{
    /// <summary>Bytes of one link, its id and its address, at most; a longer one is not kept.</summary>
    public const int MaxLength = 2048;

    private const int MaxCount = 4096;
    private const int MaxBytes = 256 * 1024;

    private Dictionary<string, ushort>? _numbers;
    private List<byte[]>? _links;
    private int _bytes;

    public long Bytes => _bytes * 3L + (_links?.Count ?? 0) * 64L;

    /// <summary>What stands between `OSC 8 ;` and the end.</summary>
    public ReadOnlySpan<byte> this[int number] => _links![number - 1];

    /// <summary>The number of a link. Once 4,096 or 256 KB are kept, no new ones are: the text stays.</summary>
    public ushort Intern(ReadOnlySpan<byte> link)
    {
        _numbers ??= [];
        _links ??= [];
        string key = Encoding.Latin1.GetString(link);
        if (_numbers.TryGetValue(key, out ushort number))
            return number;
        if (link.Length > MaxLength || _links.Count == MaxCount || _bytes + link.Length > MaxBytes)
            return 0;
        _links.Add(link.ToArray());
        _bytes += link.Length;
        number = (ushort)_links.Count;
        _numbers.Add(key, number);
        return number;
    }
}
