using Forkpty.Interop;

namespace Forkpty.Sessions;

/// <summary>How a terminal is read.</summary>
internal static class TerminalOutput
{
    /// <summary>
    /// Bytes of one read: what the kernel's line discipline holds. A read that brings less has emptied it, and another one would sleep until the kernel's flush worker
    /// has run, so the echo of a key is sent after one read. Smaller slices overlap with that worker where processors are idle, but cost up to twice the processor time a
    /// byte (512: 10 to 14 ms/MiB, 4,096: 4 to 6), which is what counts where everybody is busy.
    /// </summary>
    private const int Slice = 4096;

    /// <summary>Reads what one turn may.</summary>
    /// <param name="terminal">Whose output it is.</param>
    /// <param name="buffer">Where it goes.</param>
    /// <param name="hasEnded">Whether no process has the terminal open any more (EIO), after the bytes that were read.</param>
    /// <returns>How many bytes there were.</returns>
    public static int Read(Pty terminal, Span<byte> buffer, out bool hasEnded)
    {
        int filled = 0;
        nint count;
        do
        {
            count = Libc.read(terminal.Master.Value, buffer.Slice(filled, Math.Min(Slice, buffer.Length - filled)));
            if (count > 0)
                filled += (int)count;
        }
        while (count == Slice && filled < buffer.Length);

        hasEnded = count <= 0 && count != -(nint)Errno.EAGAIN;
        return filled;
    }
}
