using System.Numerics;

namespace Forkpty.Screen;

/// <summary>The styles that the cells of the live screen have, each once, so that a cell holds 14 bits. Number 0 is the default.</summary>
internal sealed class StyleTable
{
    /// <summary>Below this nobody looks which are still in use.</summary>
    private const int SweepFrom = 256;

    private Style[] _styles = new Style[8];
    private short[] _buckets = [];
    private short[] _next = new short[8];
    private int _count = 1;
    private int _free;

    /// <summary>The number at which it is worth to look which are still in use.</summary>
    private int _sweepAt = SweepFrom;

    public ref readonly Style this[int number] => ref _styles[number];

    /// <summary>Styles in use, as far as anybody has looked.</summary>
    public int Count { get; private set; } = 1;

    public bool WantsSweep => Count >= _sweepAt;

    public long Bytes => (_styles.Length * 16L) + (_buckets.Length + _next.Length) * 2L;

    /// <summary>The number of a style. With 16,384 in use, new ones are shown as the default: a screen of that many cells has to be painted with as many colours.</summary>
    public int Intern(in Style style)
    {
        if (style.IsDefault)
            return 0;
        if (_buckets.Length == 0)
            Rehash(16);
        int bucket = style.GetHashCode() & (_buckets.Length - 1);
        for (int i = _buckets[bucket]; i > 0; i = _next[i])
        {
            if (_styles[i] == style)
                return i;
        }
        return Add(style);
    }

    private int Add(in Style style)
    {
        int number = _free;
        if (number > 0)
            _free = _next[number];
        else if (_count == Cell.MaxStyles)
            return 0;
        else
            number = _count++;
        if (number >= _styles.Length)
        {
            Array.Resize(ref _styles, _styles.Length * 2);
            Array.Resize(ref _next, _styles.Length);
            _styles[number] = style;
            Count++;
            Rehash(_styles.Length);
            return number;
        }
        _styles[number] = style;
        Count++;
        Link(number);
        return number;
    }

    /// <summary>Forgets the styles that are not marked, and looks again when twice as many are in use, or one for each 32 cells looked at.</summary>
    public void Sweep(ReadOnlySpan<ulong> marks, int cells)
    {
        _free = 0;
        Count = 1;
        for (int i = _count - 1; i > 0; i--)
        {
            if ((marks[i >> 6] >> i & 1) != 0)
            {
                Count++;
                continue;
            }
            _styles[i] = default;
            _next[i] = (short)_free;
            _free = i;
        }
        _sweepAt = Math.Max(Math.Max(SweepFrom, Count * 2), Count + cells / 32);
        Rehash(_buckets.Length);
    }

    /// <summary>Room for marks of all styles.</summary>
    public int MarkWords => (_count + 63) >> 6;

    private void Rehash(int buckets)
    {
        if (buckets != _buckets.Length)
            _buckets = new short[(int)BitOperations.RoundUpToPowerOf2((uint)buckets)];
        else
            Array.Clear(_buckets);
        for (int i = 1; i < _count; i++)
        {
            if (!_styles[i].IsDefault)
                Link(i);
        }
    }

    private void Link(int number)
    {
        ref short bucket = ref _buckets[_styles[number].GetHashCode() & (_buckets.Length - 1)];
        _next[number] = bucket;
        bucket = (short)number;
    }
}
