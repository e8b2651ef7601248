using System.Numerics;

namespace Forkpty.Screen;

/// <summary>
/// What does not fit into a cell's 16 bits, each once: characters beyond the basic plane, and characters with marks. A cluster is what it was before
/// (another cluster, a character or nothing) and one more character, so a mark that comes costs no copy of what is there.
/// </summary>
internal sealed class ClusterTable
{
    /// <summary>Characters kept in one cell; what comes on top of them is dropped.</summary>
    public const int MaxLength = 16;

    private const int SweepFrom = 256;

    private Entry[] _entries = [];
    private int[] _buckets = [];
    private int _count = 1;
    private int _free;
    private int _sweepAt = SweepFrom;

    private record struct Entry(uint Parent, int CodePoint, int Next, byte Length, bool Lone);

    public int Count { get; private set; } = 1;

    public bool WantsSweep => Count >= _sweepAt;

    public long Bytes => _entries.Length * 16L + _buckets.Length * 4L;

    public int MarkWords => (_count + 63) >> 6;

    /// <summary>A character without a width that stands in a cell of its own.</summary>
    public bool IsLone(uint content) => (content & Cell.Cluster) != 0 && _entries[content & 0xFFFF].Lone;

    /// <summary>The content of a cell with one character.</summary>
    public uint Of(int codePoint) => codePoint < Cell.Tail ? (uint)codePoint : Find(0, codePoint, 1, lone: false);

    public uint Lone(int codePoint) => Find(0, codePoint, 1, lone: true);

    /// <summary>The content with one character more.</summary>
    public uint Append(uint content, int codePoint)
    {
        int length = (content & Cell.Cluster) != 0 ? _entries[content & 0xFFFF].Length : 1;
        return length >= MaxLength ? content : Find(content, codePoint, length + 1, lone: false);
    }

    /// <summary>The first character of a content.</summary>
    public int First(uint content)
    {
        Span<int> codePoints = stackalloc int[MaxLength];
        Spell(content, codePoints);
        return codePoints[0];
    }

    /// <summary>The characters of a content, in order; their number. The span has room for <see cref="MaxLength"/>.</summary>
    public int Spell(uint content, Span<int> codePoints)
    {
        if ((content & Cell.Cluster) == 0)
        {
            codePoints[0] = (int)content;
            return 1;
        }
        int length = _entries[content & 0xFFFF].Length;
        for (int i = length - 1; i >= 0; i--)
        {
            if ((content & Cell.Cluster) == 0)
            {
                codePoints[i] = (int)content;
                break;
            }
            ref readonly Entry entry = ref _entries[content & 0xFFFF];
            codePoints[i] = entry.CodePoint;
            content = entry.Parent;
        }
        return length;
    }

    /// <summary>Forgets what is not marked nor part of something marked.</summary>
    public void Sweep(Span<ulong> marks, int cells)
    {
        for (int i = 1; i < _count; i++)
        {
            uint parent = IsMarked(marks, i) ? _entries[i].Parent : 0;
            while ((parent & Cell.Cluster) != 0 && !IsMarked(marks, (int)(parent & 0xFFFF)))
            {
                marks[(int)(parent & 0xFFFF) >> 6] |= 1ul << (int)(parent & 0xFFFF);
                parent = _entries[parent & 0xFFFF].Parent;
            }
        }
        _free = 0;
        Count = 1;
        for (int i = _count - 1; i > 0; i--)
        {
            if (IsMarked(marks, i))
            {
                Count++;
                continue;
            }
            _entries[i] = new Entry(0, 0, _free, 0, false);
            _free = i;
        }
        _sweepAt = Math.Max(Math.Max(SweepFrom, Count * 2), Count + cells / 32);
        Rehash(_buckets.Length);
    }

    private static bool IsMarked(ReadOnlySpan<ulong> marks, int number) => (marks[number >> 6] >> number & 1) != 0;

    private uint Find(uint parent, int codePoint, int length, bool lone)
    {
        if (_entries.Length == 0)
        {
            _entries = new Entry[8];
            Rehash(16);
        }
        for (int i = _buckets[Hash(parent, codePoint)]; i > 0; i = _entries[i].Next)
        {
            ref readonly Entry entry = ref _entries[i];
            if (entry.Parent == parent && entry.CodePoint == codePoint && entry.Lone == lone)
                return Cell.Cluster | (uint)i;
        }
        int number = _free;
        if (number > 0)
            _free = _entries[number].Next;
        else if (_count == Cell.MaxClusters)
            return parent != 0 ? parent : 0xFFFD;
        else
            number = _count++;
        Count++;
        if (number >= _entries.Length)
        {
            Array.Resize(ref _entries, _entries.Length * 2);
            _entries[number] = new Entry(parent, codePoint, 0, (byte)length, lone);
            Rehash(_entries.Length);
        }
        else
        {
            _entries[number] = new Entry(parent, codePoint, 0, (byte)length, lone);
            Link(number);
        }
        return Cell.Cluster | (uint)number;
    }

    private int Hash(uint parent, int codePoint) => (int)((parent * 0x9E3779B1u ^ (uint)codePoint * 0x85EBCA6Bu) >> 7) & (_buckets.Length - 1);

    private void Rehash(int buckets)
    {
        if (buckets != _buckets.Length)
            _buckets = new int[(int)BitOperations.RoundUpToPowerOf2((uint)buckets)];
        else
            Array.Clear(_buckets);
        for (int i = 1; i < _count; i++)
        {
            if (_entries[i].Length > 0)
                Link(i);
        }
    }

    private void Link(int number)
    {
        ref Entry entry = ref _entries[number];
        ref int bucket = ref _buckets[Hash(entry.Parent, entry.CodePoint)];
        entry.Next = bucket;
        bucket = number;
    }
}
