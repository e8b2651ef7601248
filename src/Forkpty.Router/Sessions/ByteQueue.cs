using Forkpty.Reactor;

namespace Forkpty.Sessions;

/// <summary>Bytes that somebody has not taken yet. Holds a buffer only while it holds bytes.</summary>
/// <remarks>A mutable struct: keep it in a field and never copy it.</remarks>
internal struct ByteQueue
{
    private byte[]? _buffer;
    private int _start;

    /// <summary>A queue of bytes that were waiting somewhere else.</summary>
    public static ByteQueue Of(byte[] bytes) => bytes.Length == 0 ? default : new ByteQueue { _buffer = bytes, Count = bytes.Length };

    /// <summary>How many bytes are waiting.</summary>
    public int Count { get; private set; }

    public readonly bool IsEmpty => Count == 0;

    /// <summary>How many more bytes keep within the bound of one direction of a session.</summary>
    public readonly int Room => Math.Max(0, BufferPool.Size - Count);

    public readonly ReadOnlySpan<byte> Bytes => _buffer.AsSpan(_start, Count);

    public void Append(ReadOnlySpan<byte> bytes, BufferPool pool)
    {
        if (bytes.IsEmpty) return;
        _buffer ??= pool.Rent();
        if (_start + Count + bytes.Length > _buffer.Length)
            MakeRoom(bytes.Length, pool);
        bytes.CopyTo(_buffer.AsSpan(_start + Count));
        Count += bytes.Length;
    }

    /// <summary>Takes bytes off the front; the last one gives the buffer back.</summary>
    public void Consume(int count, BufferPool pool)
    {
        _start += count;
        Count -= count;
        if (Count == 0)
            Clear(pool);
    }

    public void Clear(BufferPool pool)
    {
        if (_buffer is { Length: BufferPool.Size } buffer)
            pool.Return(buffer);
        _buffer = null;
        _start = Count = 0;
    }

    private void MakeRoom(int needed, BufferPool pool)
    {
        byte[] old = _buffer!;
        byte[] target = Count + needed <= old.Length ? old : new byte[Math.Max(old.Length * 2, Count + needed)];
        old.AsSpan(_start, Count).CopyTo(target);
        if (target != old && old.Length == BufferPool.Size)
            pool.Return(old);
        _buffer = target;
        _start = 0;
    }
}
