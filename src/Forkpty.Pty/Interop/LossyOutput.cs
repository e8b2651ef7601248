namespace Forkpty.Interop;

/// <summary>Output to somebody who may not read, and must not make us wait: what does not fit at once is left out.</summary>
internal static class LossyOutput
{
    /// <summary>A pipe that is writable takes so many bytes without waiting; pipe(7).</summary>
    private const int Atomic = 4096;

    public static void Write(int descriptor, ReadOnlySpan<byte> bytes)
    {
        // A terminal that is writable may take one byte of a piece, and the rest has to wait. Opened once more it is ours alone, and need not; without /proc it is as it is.
        int own = Libc.isatty(descriptor) == 1 ? Libc.reopen(descriptor, Libc.O_WRONLY) : -1;
        WriteTo(own >= 0 ? own : descriptor, bytes);
        if (own >= 0)
            _ = Libc.close(own);
    }

    private static void WriteTo(int descriptor, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && Libc.poll(descriptor, Libc.POLLOUT, 0) is > 0 and int ready && (ready & Libc.POLLOUT) != 0)
        {
            nint written = Libc.write(descriptor, bytes[..Math.Min(bytes.Length, Atomic)]);
            if (written <= 0) return;
            bytes = bytes[(int)written..];
        }
    }
}
