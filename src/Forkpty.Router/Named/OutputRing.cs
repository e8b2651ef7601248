using Forkpty.Upgrade;

namespace Forkpty.Named;

/// <summary>The last bytes of a session's output, by their offset. Grows with what it holds, up to its capacity.</summary>
internal sealed class OutputRing(int capacity)
{
    private const int FirstSize = 16 * 1024;

    private byte[] _buffer = new byte[Math.Min(FirstSize, capacity)];
    private long _first;

    /// <summary>The offset after the last byte.</summary>
    public long End { get; private set; }

    /// <summary>The offset of the oldest byte that is still here.</summary>
    public long Start => Math.Max(_first, End - _buffer.Length);

    public int Capacity => capacity;

    /// <summary>Bytes of memory that it takes.</summary>
    public int Size => _buffer.Length;

    /// <summary>A ring that goes on where another one stood, with what was in that.</summary>
    public static OutputRing After(int capacity, long end, ReadOnlySpan<byte> bytes)
    {
        var ring = new OutputRing(capacity);
        if (end > ring._buffer.Length)
            ring._buffer = new byte[Math.Min(capacity, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Min(end, capacity)))];
        ring.End = ring._first = end - bytes.Length;
        ring.Append(bytes);
        return ring;
    }

    /// <summary>A ring that another executable has left.</summary>
    /// <param name="state">Where it was saved.</param>
    /// <param name="capacity">Null where nothing more comes into it: what it holds.</param>
    public static OutputRing Read(StateReader state, int? capacity = null)
    {
        long end = state.Number();
        byte[] bytes = state.Bytes();
        return After(capacity ?? Math.Max(1, bytes.Length), end, bytes);
    }

    /// <summary>Writes where it stands and what is in it.</summary>
    public void Save(StateWriter state)
    {
        byte[] bytes = new byte[End - Start];
        Read(Start, bytes);
        state.Number(End);
        state.Bytes(bytes);
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (End + bytes.Length > _buffer.Length && _buffer.Length < capacity)
            Grow(bytes.Length);
        if (bytes.Length > _buffer.Length)
        {
            End += bytes.Length - _buffer.Length;
            bytes = bytes[^_buffer.Length..];
        }

        int at = (int)(End % _buffer.Length);
        int first = Math.Min(bytes.Length, _buffer.Length - at);
        bytes[..first].CopyTo(_buffer.AsSpan(at));
        bytes[first..].CopyTo(_buffer);
        End += bytes.Length;
    }

    /// <summary>Copies bytes from an offset on, which must be here, as many as there are and fit.</summary>
    public int Read(long offset, Span<byte> destination)
    {
        int count = (int)Math.Min(End - offset, destination.Length);
        int at = (int)(offset % _buffer.Length);
        int first = Math.Min(count, _buffer.Length - at);
        _buffer.AsSpan(at, first).CopyTo(destination);
        _buffer.AsSpan(0, count - first).CopyTo(destination[first..]);
        return count;
    }

    /// <summary>Until the capacity is reached the ring has not turned, so the bytes stay where they are.</summary>
    private void Grow(int more)
    {
        long size = _buffer.Length;
        while (size < End + more && size < capacity)
            size *= 2;
        Array.Resize(ref _buffer, (int)Math.Min(size, capacity));
    }
}
