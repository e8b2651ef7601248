using System.Buffers;

namespace Forkpty.Screen;

/// <summary>Bytes that are needed while something is packed, rented from the pool and given back.</summary>
internal ref struct Scratch(int capacity)
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(capacity);

    public int Length { get; private set; }

    public readonly ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Room for so many bytes; <see cref="Advance"/> takes them.</summary>
    public Span<byte> Room(int count)
    {
        if (_bytes.Length - Length < count)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, Length + count));
            Written.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }
        return _bytes.AsSpan(Length);
    }

    public void Advance(int count) => Length += count;

    public void Add(byte value)
    {
        Room(1)[0] = value;
        Length++;
    }

    public void Add(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        Length += bytes.Length;
    }

    public readonly void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);
}
