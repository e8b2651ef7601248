namespace Forkpty.Client;

/// <summary>
/// Input on its way, at most 64 KiB: what waits to be sent, and behind it what was sent and is not yet known to be taken, which can so be sent again after a
/// lost connection. Positions count from the first byte that was ever typed.
/// </summary>
internal sealed class TypedInput
{
    public const int Capacity = 64 * 1024;

    // Room behind the bytes, so that they are moved to the front once per 16 KB and not with each read.
    private readonly byte[] _bytes = new byte[Capacity + (16 * 1024)];
    private int _taken; // before this: room
    private int _sent;
    private int _end;
    private long _origin; // position of _bytes[0]

    /// <summary>What waits to be sent.</summary>
    public ReadOnlySpan<byte> Unsent => _bytes.AsSpan(_sent.._end);

    /// <summary>Where the next bytes go; <see cref="Append"/> tells how many did.</summary>
    public Span<byte> Free => _bytes.AsSpan(_end);

    /// <summary>How many bytes were sent in all.</summary>
    public long SentTotal => _origin + _sent;

    /// <summary>Whether so many bytes more can be kept; then <see cref="Free"/> has room for them.</summary>
    public bool HasRoom(int count)
    {
        if (_end - _taken + count > Capacity) return false;
        if (_bytes.Length - _end < count) MoveToFront();
        return true;
    }

    public void Append(int count) => _end += count;

    /// <summary>The first bytes of <see cref="Unsent"/> have been sent.</summary>
    public void Sent(int count) => _sent += count;

    /// <summary>So many bytes were taken in all, and will not be needed again. More than was sent cannot have been.</summary>
    public void Acknowledge(long total)
    {
        _taken = (int)Math.Clamp(total - _origin, _taken, _sent);
        if (_taken == _end) MoveToFront();
    }

    /// <summary>After a lost connection: so many bytes were taken in all, the rest has to be sent again.</summary>
    public void Rewind(long total)
    {
        Acknowledge(total);
        _sent = _taken;
    }

    /// <summary>Throws everything away.</summary>
    public void Clear() => _taken = _sent = _end;

    private void MoveToFront()
    {
        _bytes.AsSpan(_taken.._end).CopyTo(_bytes);
        _origin += _taken;
        _sent -= _taken;
        _end -= _taken;
        _taken = 0;
    }
}
