using Forkpty.Interop;

namespace Forkpty.Client;

/// <summary>One way out of a relay: what was read from a program, and not written yet. It is read only where that is nothing, so a program waits for a slow reader.</summary>
internal sealed class PendingOutput(int to, int size) : IDisposable
{
    private readonly byte[] _bytes = new byte[size];
    private int _from;
    private int _to;

    /// <summary>Where it goes.</summary>
    public LocalOutput Local { get; } = new(to);

    public bool IsEmpty => _from == _to;

    /// <summary>Whether the last <see cref="Read"/> met the end.</summary>
    public bool HasEnded { get; private set; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(_from.._to);

    /// <summary>Reads a piece, where there is one.</summary>
    /// <returns>Whether there was one, or the end.</returns>
    public bool Read(SafeFd from)
    {
        nint count = Libc.read(from.Value, _bytes);
        if (count == -(nint)Errno.EAGAIN) return false;
        (_from, _to) = (0, (int)Math.Max(count, 0));
        HasEnded = count <= 0;
        return true;
    }

    /// <summary>Writes what is taken at once. As in any pipeline, where nobody reads our output the program writes for nobody.</summary>
    /// <returns>How the client ends then; null where it goes on.</returns>
    /// <exception cref="IOException">It cannot be written for another reason, such as a disk that is full.</exception>
    public ClientOutcome? Write()
    {
        nint count = IsEmpty ? 0 : Local.Write(Bytes);
        if (count == -(nint)Errno.EAGAIN) return null;
        if (count == -(nint)Errno.EPIPE) return ClientOutcome.Signalled(Libc.SIGPIPE);
        if (count < 0) throw new IOException($"cannot write to {(to == 1 ? "stdout" : "stderr")}: {KernelException.Describe((int)count)}");
        _from += (int)count;
        return null;
    }

    public void Dispose() => Local.Dispose();
}
