using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Forkpty.Screen;

/// <summary>
/// The lines that have left the screen at its top, packed, the oldest first. They lie one behind the other in chunks; an old chunk becomes the next new one,
/// so a flood allocates nothing.
/// </summary>
internal sealed class History(int maxLines, long maxBytes)
{
    private const int FirstChunk = 1024;
    private const int FullChunk = 16 * 1024;

    private readonly Queue<Chunk> _chunks = new();
    private Chunk? _last;
    private Chunk? _spare;

    internal sealed class Chunk(int size)
    {
        public readonly byte[] Bytes = GC.AllocateUninitializedArray<byte>(size);
        public int Start;
        public int End;
    }

    public int Count { get; private set; }

    /// <summary>What its chunks take.</summary>
    public long Bytes { get; private set; }

    /// <summary>Bytes that its lines take.</summary>
    public long LineBytes { get; private set; }

    public int MaxLines => maxLines;

    /// <summary>A line that leaves the screen. Returns how many old lines went because of the bound on bytes: those that the bound on lines drops do not count.</summary>
    public int Append(Row row, StyleTable styles, ClusterTable clusters)
    {
        if (maxLines == 0)
            return 0;
        ReadOnlySpan<uint> cells = row.Span;
        cells = cells[..(cells.LastIndexOfAnyExcept(0u) + 1)];
        if (IsPlain(cells))
        {
            Span<byte> room = Reserve(cells.Length + 5);
            int header = PackedLine.WriteNumber(room, Header(cells.Length, row.Wrapped));
            Narrow(cells, room.Slice(header, cells.Length));
            return Commit(header + cells.Length);
        }
        Scratch packed = new(256);
        PackedLine.Pack(cells, styles, clusters, ref packed);
        int dropped = Append(packed.Written, row.Wrapped);
        packed.Dispose();
        return dropped;
    }

    public int Append(ReadOnlySpan<byte> packed, bool wrapped)
    {
        if (maxLines == 0)
            return 0;
        Span<byte> room = Reserve(packed.Length + 5);
        int header = PackedLine.WriteNumber(room, Header(packed.Length, wrapped));
        packed.CopyTo(room[header..]);
        return Commit(header + packed.Length);
    }

    public void Clear()
    {
        _chunks.Clear();
        _last = null;
        _spare = null;
        Count = 0;
        Bytes = 0;
        LineBytes = 0;
    }

    /// <summary>Holds these lines instead, packed anew; they may be its own.</summary>
    public void Replace(ReadOnlySpan<HistoryLine> lines)
    {
        Clear();
        foreach (HistoryLine line in lines)
            Append(line.Packed.Span, line.Wrapped);
    }

    public void DropFirst(int count)
    {
        for (; count > 0 && Count > 0; count--)
        {
            Chunk first = _chunks.Peek();
            int length = (int)(PackedLine.ReadNumber(first.Bytes.AsSpan(first.Start), out int header) >> 1) + header;
            first.Start += length;
            LineBytes -= length;
            Count--;
            if (first.Start == first.End)
                Retire(first);
        }
    }

    public Enumerator GetEnumerator() => new(_chunks.GetEnumerator());

    private static uint Header(int length, bool wrapped) => (uint)length << 1 | (wrapped ? 1u : 0);

    private Span<byte> Reserve(int length)
    {
        if (_last is null || _last.Bytes.Length - _last.End < length)
            _last = Grow(length);
        return _last.Bytes.AsSpan(_last.End, length);
    }

    private Chunk Grow(int length)
    {
        if (_last is not null && _last.Start == _last.End)
        {
            _chunks.Dequeue();
            Bytes -= _last.Bytes.Length;
        }
        Chunk? chunk = _spare;
        if (chunk is null || chunk.Bytes.Length < length)
            chunk = new Chunk(Math.Max(length, _chunks.Count < 4 ? FirstChunk << _chunks.Count : FullChunk));
        else
            _spare = null;
        _chunks.Enqueue(chunk);
        Bytes += chunk.Bytes.Length;
        return chunk;
    }

    private int Commit(int length)
    {
        _last!.End += length;
        LineBytes += length;
        Count++;
        if (Count > maxLines)
            DropFirst(1);
        int before = Count;
        while (Bytes > maxBytes && _chunks.Count > 1)
            DropFirst(1);
        return before - Count;
    }

    private void Retire(Chunk chunk)
    {
        chunk.Start = 0;
        chunk.End = 0;
        if (chunk == _last)
            return;
        _chunks.Dequeue();
        Bytes -= chunk.Bytes.Length;
        if (chunk.Bytes.Length == FullChunk)
            _spare = chunk;
    }

    /// <summary>Only characters from space to tilde in the default style: most lines are.</summary>
    private static bool IsPlain(ReadOnlySpan<uint> cells)
    {
        ReadOnlySpan<Vector256<uint>> vectors = MemoryMarshal.Cast<uint, Vector256<uint>>(cells);
        Vector256<uint> space = Vector256.Create(0x20u);
        foreach (Vector256<uint> vector in vectors)
        {
            if (Vector256.GreaterThanAny(vector - space, Vector256.Create(0x5Eu)))
                return false;
        }
        foreach (uint cell in cells[(vectors.Length * Vector256<uint>.Count)..])
        {
            if (cell is < 0x20 or > 0x7E)
                return false;
        }
        return true;
    }

    private static void Narrow(ReadOnlySpan<uint> cells, Span<byte> to)
    {
        ReadOnlySpan<Vector128<uint>> vectors = MemoryMarshal.Cast<uint, Vector128<uint>>(cells);
        Span<Vector128<byte>> narrow = MemoryMarshal.Cast<byte, Vector128<byte>>(to);
        for (int i = 0; i < narrow.Length; i++)
        {
            Vector128<ushort> low = Vector128.Narrow(vectors[4 * i], vectors[4 * i + 1]);
            Vector128<ushort> high = Vector128.Narrow(vectors[4 * i + 2], vectors[4 * i + 3]);
            narrow[i] = Vector128.Narrow(low, high);
        }
        for (int i = narrow.Length * Vector128<byte>.Count; i < to.Length; i++)
            to[i] = (byte)cells[i];
    }

    /// <summary>Goes through the lines, the oldest first.</summary>
    internal ref struct Enumerator
    {
        private Queue<Chunk>.Enumerator _chunks;
        private Chunk? _chunk;
        private int _at;

        internal Enumerator(Queue<Chunk>.Enumerator chunks)
        {
            _chunks = chunks;
        }

        public HistoryLine Current { get; private set; }

        public bool MoveNext()
        {
            while (_chunk is null || _at == _chunk.End)
            {
                if (!_chunks.MoveNext())
                    return false;
                _chunk = _chunks.Current;
                _at = _chunk.Start;
            }
            uint header = PackedLine.ReadNumber(_chunk.Bytes.AsSpan(_at), out int length);
            Current = new HistoryLine(_chunk.Bytes.AsMemory(_at + length, (int)(header >> 1)), (header & 1) != 0);
            _at += length + (int)(header >> 1);
            return true;
        }
    }
}
