namespace Forkpty.Reactor;

/// <summary>Buffers of one loop, for bytes that the other side has not taken yet. An idle session has none.</summary>
internal sealed class BufferPool
{
    /// <summary>
    /// Bytes of a buffer, and so the most that is in flight per direction of a session: small enough that Ctrl-C in a flood leaves
    /// a few KB to come, large enough for every read of a terminal seen (15,874 bytes at most).
    /// </summary>
    public const int Size = 16 * 1024;

    /// <summary>Free buffers kept for reuse: 512 KiB. What is returned beyond that goes to the garbage collector.</summary>
    private const int MaxKept = 32;

    private readonly Stack<byte[]> _free = new();

    /// <summary>One more buffer for use within a single call, the same each time.</summary>
    public byte[] Scratch { get; } = GC.AllocateUninitializedArray<byte>(Size);

    public byte[] Rent() => _free.TryPop(out byte[]? buffer) ? buffer : GC.AllocateUninitializedArray<byte>(Size);

    public void Return(byte[] buffer)
    {
        if (_free.Count < MaxKept)
            _free.Push(buffer);
    }
}
