using Forkpty.Interop;

namespace Forkpty.Client;

/// <summary>Output of the program on its way from the socket to stdout: at most one chunk of 16 KB. The next one is read when it is written.</summary>
internal sealed class Incoming(RouterConnection connection, LocalOutput output)
{
    private readonly byte[] _chunk = new byte[16 * 1024];
    private int _start;
    private int _end;

    /// <summary>True where stdout has not taken everything.</summary>
    public bool IsPending => _start < _end;

    /// <summary>True where no more comes: the router has closed the connection, or it broke.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Why the connection broke, 0 where it did not.</summary>
    public Errno Error { get; private set; }

    /// <summary>Why stdout takes nothing any more, 0 where it does: EPIPE for a pipe that nobody reads.</summary>
    public Errno OutputError { get; private set; }

    /// <summary>The terminal modes that the output has turned on.</summary>
    public RemoteModes Modes { get; } = new();

    /// <summary>Receives a chunk if there is one, and writes what stdout takes of it. False where there was nothing to receive.</summary>
    public bool Receive()
    {
        nint count = connection.Receive(_chunk);
        if (count > 0)
        {
            (_start, _end) = (0, (int)count);
            Write();
            if (output.IsTerminal) Modes.Follow(_chunk.AsSpan(0, (int)count));
            return true;
        }

        if (count == -(nint)Errno.EAGAIN) return false;
        Error = (Errno)(-count);
        HasEnded = true;
        return true;
    }

    /// <summary>Writes what stdout takes of the chunk.</summary>
    public void Write()
    {
        while (IsPending)
        {
            nint count = output.Write(_chunk.AsSpan(_start.._end));
            if (count == -(nint)Errno.EAGAIN) return;
            if (count < 0)
            {
                OutputError = (Errno)(-count);
                return;
            }

            _start += (int)count;
        }
    }
}
