using System.Text;
using Forkpty.Interop;

namespace Forkpty.Upgrade;

/// <summary>Reads what a <see cref="StateWriter"/> of the same process has written before it executed itself.</summary>
internal sealed class StateReader : IDisposable
{
    private readonly SafeFd _file;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _next;
    private int _end;

    /// <summary>Takes over the file.</summary>
    /// <param name="descriptor">Its descriptor.</param>
    /// <exception cref="KernelException">It is no file.</exception>
    public StateReader(int descriptor)
    {
        _file = new SafeFd(descriptor);
        KernelException.Check((int)Libc.lseek(descriptor, 0, Libc.SEEK_SET), "lseek", "memfd:fpty-state");
    }

    public long Number() => BitConverter.ToInt64(Take(sizeof(long)));

    public int Int32() => (int)Number();

    public bool Flag() => Take(1)[0] != 0;

    public byte[] Bytes()
    {
        byte[] bytes = new byte[BitConverter.ToInt32(Take(sizeof(int)))];
        Span<byte> left = bytes;
        int buffered = Math.Min(left.Length, _end - _next);
        _buffer.AsSpan(_next, buffered).CopyTo(left);
        _next += buffered;
        left = left[buffered..];
        while (!left.IsEmpty)
            left = left[Read(left)..];
        return bytes;
    }

    public string? Text() => Flag() ? Encoding.UTF8.GetString(Bytes()) : null;

    /// <summary>A descriptor that has come along; a closed one where there was none.</summary>
    public SafeFd Descriptor()
    {
        int number = Int32();
        var descriptor = new SafeFd(number);
        if (number < 0)
            descriptor.Dispose();
        else
            _ = Libc.fcntl(number, Libc.F_SETFD, Libc.FD_CLOEXEC); // it was open for the exec alone
        return descriptor;
    }

    /// <summary>A terminal by its master; null where there was none, or it is none any more.</summary>
    public Pty? Terminal()
    {
        int master = Int32();
        try
        {
            return master >= 0 ? Pty.Adopt(master) : null;
        }
        catch (KernelException)
        {
            return null;
        }
    }

    /// <summary>A program that was started before; null where there was none, or it cannot be found again.</summary>
    public Leader? Leader()
    {
        int pid = Int32();
        bool isStranger = Flag();
        if (isStranger)
            return new Leader(pid, Descriptor()) { IsStranger = true };
        int pidfd = Int32();
        return pid <= 0 ? null
            : TryAdopt(() => Forkpty.Leader.Adopt(pid, pidfd)) is { } leader ? leader
            : Libc.close(pidfd) == 0 ? TryAdopt(() => Forkpty.Leader.Adopt(pid)) // without /proc nobody says whose it is; a child that is not reaped is told by its number
            : null;
    }

    /// <summary>A program that has ended, for what it has left behind; null where there was none.</summary>
    public Leader? ReapedLeader()
    {
        int pid = Int32();
        _ = Flag();
        SafeFd pidfd = Descriptor();
        ulong reapedAt = (ulong)Number();
        return pid > 0 ? new Leader(pid, pidfd) { ReapedAt = reapedAt } : null;
    }

    private static Leader? TryAdopt(Func<Leader> adopt)
    {
        try
        {
            return adopt();
        }
        catch (KernelException)
        {
            return null;
        }
    }

    public WindowSize Size()
    {
        long size = Number();
        return new WindowSize((ushort)size, (ushort)(size >> 16), (ushort)(size >> 32), (ushort)(size >> 48));
    }

    public ExitStatus Status()
    {
        int code = Int32();
        int signal = Int32();
        bool coreDumped = Flag();
        return code >= 0 ? ExitStatus.Exited(code) : signal >= 0 ? ExitStatus.Killed(signal, coreDumped) : ExitStatus.Unknown;
    }

    public void Dispose() => _file.Dispose();

    /// <summary>The next bytes, fewer than the buffer holds.</summary>
    private ReadOnlySpan<byte> Take(int count)
    {
        if (_end - _next < count)
        {
            _buffer.AsSpan(_next, _end - _next).CopyTo(_buffer);
            (_next, _end) = (0, _end - _next);
            while (_end < count)
                _end += Read(_buffer.AsSpan(_end));
        }

        _next += count;
        return _buffer.AsSpan(_next - count, count);
    }

    private int Read(Span<byte> into)
    {
        int count = KernelException.Check((int)Libc.read(_file.Value, into), "read", "memfd:fpty-state");
        return count > 0 ? count : throw new EndOfStreamException("what the router has left for its successor ends too early");
    }
}
