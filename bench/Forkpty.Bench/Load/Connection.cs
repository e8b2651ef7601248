using System.Text;
using Forkpty.Interop;

namespace Forkpty.Bench;

/// <summary>
/// One session as its user sees it: bytes to and from a program on a terminal. Behind it is a socket of a router, or (bare pty, or a client in a
/// terminal) the master of a pty, both in blocking mode: the kernel wakes the waiting thread itself, which is the cheapest way there is.
/// </summary>
internal class Connection : IDisposable
{
    private const int PacketHeader = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly bool _framed;
    private readonly int _child;
    private bool _open = true;

    protected Connection(int fd, bool framed, int child)
    {
        Fd = fd;
        _framed = framed;
        _child = child;
    }

    public int Fd { get; }

    /// <summary>Connects to a router's socket; <paramref name="framed"/> where it speaks uwsgi packets.</summary>
    public static Connection ToSocket(ReadOnlySpan<byte> address, bool framed) => new(Connect(address), framed, child: 0);

    /// <summary>Starts a program on a new pty.</summary>
    public static Connection ToProgram(params string[] command) => ToProgram(24, 80, command);

    /// <summary>Starts a program on a new pty of this size.</summary>
    public static Connection ToProgram(ushort rows, ushort columns, string[] command)
    {
        int master = KernelException.Check(Libc.open("/dev/ptmx", Libc.O_RDWR | Libc.O_NOCTTY | Libc.O_CLOEXEC), "open", "/dev/ptmx");
        KernelException.Check(Libc.ioctl_TIOCSPTLCK_0(master), "ioctl(TIOCSPTLCK)", "a new pty");
        KernelException.Check(Libc.ioctl_TIOCGPTN(master, out int number), "ioctl(TIOCGPTN)", "a new pty");
        KernelException.Check(Libc.ioctl_TIOCSWINSZ(master, new Libc.winsize { ws_row = rows, ws_col = columns }), "ioctl(TIOCSWINSZ)", "a new pty");
        return new Connection(master, framed: false, Children.StartOnTerminal(command, $"/dev/pts/{number}"));
    }

    /// <summary>Sends in one write; in uwsgi mode as one packet.</summary>
    public virtual void Send(ReadOnlySpan<byte> bytes)
    {
        if (_framed)
        {
            Span<byte> packet = stackalloc byte[PacketHeader + bytes.Length];
            packet[0] = 0;
            packet[1] = (byte)bytes.Length;
            packet[2] = (byte)(bytes.Length >> 8);
            packet[3] = 0;
            bytes.CopyTo(packet[PacketHeader..]);
            WriteAll(packet);
        }
        else
        {
            WriteAll(bytes);
        }
    }

    /// <summary>Waits for bytes; 0 at the end of the session.</summary>
    public virtual int Receive(Span<byte> buffer)
    {
        int count = (int)Libc.read(Fd, buffer);
        // The end of a pty is EIO; that of a router that was killed may be ECONNRESET.
        return count >= 0 || count is -(int)Errno.EIO or -(int)Errno.ECONNRESET
            ? Math.Max(count, 0)
            : throw new KernelException("read", "a session", count);
    }

    /// <summary>Whether there is something to read within <paramref name="milliseconds"/>.</summary>
    public bool IsReadable(int milliseconds)
    {
        Span<Libc.pollfd> waited = [new Libc.pollfd { fd = Fd, events = Libc.POLLIN }];
        return Libc.poll(waited, milliseconds) > 0;
    }

    /// <summary>Runs a line in the shell of this session and returns what came before the sign that it was run.</summary>
    public string Run(string line, string then = "")
    {
        // The quotes keep the echo of the line apart from what the shell prints.
        Send(Encoding.UTF8.GetBytes($"{line}; echo RE''ADY; {then}\n"));
        string text = ReadUntil("READY\r\n");
        return text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..];
    }

    /// <summary>Makes of the shell a program that only reads whole lines: what is typed then, the kernel's terminal echoes.</summary>
    public void BecomeQuiet() => Run(":", then: "exec cat >/dev/null");

    public string ReadUntil(string mark)
    {
        Deadline deadline = Deadline.In(Patience);
        StringBuilder text = new();
        Span<byte> buffer = stackalloc byte[4096];
        while (!text.ToString().Contains(mark, StringComparison.Ordinal))
        {
            if (!IsReadable(deadline.MillisecondsLeft))
                throw new BenchException($"no {mark.Trim()} within {Patience.TotalSeconds} s; so far: {text}");
            int count = Receive(buffer);
            if (count == 0)
                throw new BenchException($"the session ended before {mark.Trim()}; so far: {text}");
            text.Append(Encoding.UTF8.GetString(buffer[..count]));
        }
        return text.ToString();
    }

    /// <summary>Reads until the session has ended.</summary>
    public void ReadToEnd()
    {
        Deadline deadline = Deadline.In(Patience);
        Span<byte> buffer = stackalloc byte[4096];
        while (IsReadable(deadline.MillisecondsLeft))
        {
            if (Receive(buffer) == 0)
                return;
        }
        throw new BenchException($"the session did not end within {Patience.TotalSeconds} s");
    }

    public void Dispose()
    {
        if (!_open)
            return;
        _open = false;
        Libc.close(Fd);
        if (_child > 0)
            Children.EndAlone(_child);
    }

    /// <summary>Closes after the program has ended by itself: there is nothing to kill.</summary>
    public void CloseEnded()
    {
        _open = false;
        Libc.close(Fd);
        if (_child > 0)
            Children.Reap(_child);
    }

    protected static int Connect(ReadOnlySpan<byte> address)
    {
        int fd = KernelException.Check(Libc.socket(Libc.AF_UNIX, Libc.SOCK_STREAM | Libc.SOCK_CLOEXEC), "socket", "AF_UNIX");
        int result = Libc.connect(fd, address);
        if (result >= 0)
            return fd;
        Libc.close(fd);
        throw new KernelException("connect", "the router's socket", result);
    }

    protected void WriteAll(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int count = (int)Libc.write(Fd, bytes);
            if (count < 0)
                throw new KernelException("write", "a session", count);
            bytes = bytes[count..];
        }
    }
}
