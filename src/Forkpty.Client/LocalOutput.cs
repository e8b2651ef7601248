using System.Diagnostics;
using Forkpty.Interop;

namespace Forkpty.Client;

/// <summary>
/// stdout, written without ever waiting. Its descriptor may be shared with other processes, so it must not become non-blocking
/// itself: a terminal or a pipe is opened once more, which gives a file description of our own.
/// </summary>
internal sealed class LocalOutput : IDisposable
{
    private const int PipeBuf = 4096; // where poll(2) says "writable", a pipe takes this much without waiting; pipe(7)

    /// <summary>Milliseconds for what gives a terminal back.</summary>
    public const int Patience = 1_000;

    private readonly SafeFd? _own;
    private byte _last = (byte)'\n'; // of what was written

    public LocalOutput(int fd)
    {
        IsTerminal = Libc.isatty(fd) == 1;
        Descriptor = fd;
        if (!IsTerminal && !IsPipe(fd)) return; // a file never makes anybody wait, and opened again it would begin at its start

        int again = Libc.reopen(fd, Libc.O_WRONLY);
        if (again < 0) return; // no /proc, or another user's terminal
        _own = new SafeFd(again);
        Descriptor = again;
    }

    public bool IsTerminal { get; }

    /// <summary>What to wait on where a write was refused.</summary>
    public int Descriptor { get; }

    /// <summary>Writes what is taken at once: a number of bytes, or minus errno, EAGAIN where nothing is.</summary>
    public nint Write(ReadOnlySpan<byte> bytes)
    {
        if (_own is null)
        {
            if (Libc.poll(Descriptor, Libc.POLLOUT, 0) == 0) return -(nint)Errno.EAGAIN;
            bytes = bytes[..Math.Min(bytes.Length, PipeBuf)];
        }

        nint count = Libc.write(Descriptor, bytes);
        if (count > 0) _last = bytes[(int)count - 1];
        return count;
    }

    /// <summary>On a terminal that was given back: what is said next is not behind what a program has left there, but begins a line.</summary>
    public void EndLine()
    {
        if (IsTerminal && _last != (byte)'\n') WriteAll("\n"u8, Patience);
    }

    /// <summary>Writes all of it, for as long as a terminal that is full may take.</summary>
    public void WriteAll(ReadOnlySpan<byte> bytes, int milliseconds)
    {
        long start = Stopwatch.GetTimestamp();
        while (!bytes.IsEmpty)
        {
            nint count = Write(bytes);
            if (count < 0 && count != -(nint)Errno.EAGAIN) return;
            bytes = bytes[(int)Math.Max(count, 0)..];
            int left = milliseconds - (int)Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (bytes.IsEmpty || left <= 0) return;
            _ = Libc.poll(Descriptor, Libc.POLLOUT, left);
        }
    }

    public void Dispose() => _own?.Dispose();

    private static bool IsPipe(int fd) => Libc.fstat(fd, out Libc.FileState state) >= 0 && (state.Mode & Libc.S_IFMT) == Libc.S_IFIFO;
}
