using Forkpty.Interop;
using Forkpty.Reactor;

namespace Forkpty.Sessions;

/// <summary>
/// Input on its way to a terminal, which refuses after about 11.7 KB that its program has not read (EAGAIN): what it does not take waits here, at most one buffer of it.
/// </summary>
/// <remarks>A mutable struct: keep it in a field and never copy it.</remarks>
internal struct InputQueue
{
    private ByteQueue _waiting;

    /// <summary>A queue of input that was waiting somewhere else.</summary>
    public static InputQueue Of(byte[] input) => new() { _waiting = ByteQueue.Of(input) };

    public readonly ReadOnlySpan<byte> Bytes => _waiting.Bytes;

    public readonly bool IsEmpty => _waiting.IsEmpty;

    /// <summary>How many more bytes may come.</summary>
    public readonly int Room => _waiting.Room;

    /// <summary>Writes to the terminal; without one, or where it takes no more, the bytes wait.</summary>
    public void Write(Pty? terminal, ReadOnlySpan<byte> bytes, BufferPool pool)
    {
        if (terminal is not null && _waiting.IsEmpty)
        {
            nint written = Libc.write(terminal.Master.Value, bytes);
            if (written < 0 && written != -(nint)Errno.EAGAIN) return; // EIO: nobody has the terminal open, so nobody will read this
            bytes = bytes[(int)Math.Max(written, 0)..];
        }

        _waiting.Append(bytes, pool);
    }

    /// <summary>Writes what waits, as far as the terminal takes it.</summary>
    public void Flush(Pty terminal, BufferPool pool)
    {
        while (!_waiting.IsEmpty)
        {
            nint written = Libc.write(terminal.Master.Value, _waiting.Bytes);
            if (written == -(nint)Errno.EAGAIN) return;
            _waiting.Consume(written < 0 ? _waiting.Count : (int)written, pool);
        }
    }

    public void Clear(BufferPool pool) => _waiting.Clear(pool);
}
