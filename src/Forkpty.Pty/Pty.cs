using Forkpty.Interop;

namespace Forkpty;

/// <summary>
/// A pseudoterminal: its master side, held here, and its name, which a program opens as its terminal; pty(7).
/// Disposing it hangs the terminal up: the kernel sends SIGHUP to the session that has it.
/// </summary>
public sealed class Pty : IDisposable
{
    private Pty(SafeFd master, int number)
    {
        Master = master;
        Number = number;
    }

    internal SafeFd Master { get; }

    /// <summary>The N of /dev/pts/N.</summary>
    public int Number { get; }

    /// <summary>The path of the terminal, such as <c>/dev/pts/3</c>.</summary>
    public string Name => $"/dev/pts/{Number}";

    /// <summary>Opens a new pseudoterminal, non-blocking, close-on-exec, with a window size and UTF-8 aware line editing.</summary>
    /// <param name="size">The window's size.</param>
    /// <exception cref="KernelException">No terminal is left (ENOSPC: see kernel.pty.max), no descriptor is left (EMFILE), or there is no /dev/ptmx.</exception>
    public static Pty Open(WindowSize size)
    {
        int fd = Libc.open("/dev/ptmx", Libc.O_RDWR | Libc.O_NOCTTY | Libc.O_CLOEXEC | Libc.O_NONBLOCK);
        return Open(new SafeFd(KernelException.Check(fd, "open", "/dev/ptmx")), size);
    }

    /// <summary>The same with a ptmx that was opened already, of another devpts maybe; it belongs to the terminal from now on, also where this throws.</summary>
    internal static Pty Open(SafeFd master, WindowSize size)
    {
        try
        {
            KernelException.Check(Libc.ioctl_TIOCSPTLCK_0(master.Value), "ioctl(TIOCSPTLCK)", "ptmx");
            KernelException.Check(Libc.ioctl_TIOCGPTN(master.Value, out int number), "ioctl(TIOCGPTN)", "ptmx");
            var pty = new Pty(master, number);
            pty.Resize(size);
            pty.EditUtf8();
            return pty;
        }
        catch
        {
            master.Dispose();
            throw;
        }
    }

    /// <summary>Opens the program's side without its name, which means another terminal in another mount namespace; ioctl_tty(2), TIOCGPTPEER.</summary>
    internal SafeFd OpenSlave() =>
        new(KernelException.Check(Libc.ioctl_TIOCGPTPEER(Master.Value, Libc.O_RDWR | Libc.O_NOCTTY | Libc.O_CLOEXEC), "ioctl(TIOCGPTPEER)", ShortName));

    /// <summary>
    /// Takes over the master of a terminal by its number, which this process opened before it executed itself; settings, window and what was not read yet are as
    /// they were. It is non-blocking and close-on-exec again.
    /// </summary>
    /// <param name="fd">The descriptor, which belongs to the terminal from now on; it stays the caller's where this throws.</param>
    /// <exception cref="KernelException">It is not open (EBADF), or no master (ENOTTY).</exception>
    internal static Pty Adopt(int fd)
    {
        string target = $"descriptor {fd}";
        KernelException.Check(Libc.ioctl_TIOCGPTN(fd, out int number), "ioctl(TIOCGPTN)", target);
        int flags = KernelException.Check(Libc.fcntl(fd, Libc.F_GETFL), "fcntl(F_GETFL)", target);
        KernelException.Check(Libc.fcntl(fd, Libc.F_SETFL, flags | Libc.O_NONBLOCK), "fcntl(F_SETFL)", target);
        KernelException.Check(Libc.fcntl(fd, Libc.F_SETFD, Libc.FD_CLOEXEC), "fcntl(F_SETFD)", target);
        return new Pty(new SafeFd(fd), number);
    }

    /// <summary>Gives the window a size. The kernel sends SIGWINCH to the foreground process group where it differs from the present one.</summary>
    /// <param name="size">The new size.</param>
    /// <exception cref="KernelException">The terminal is gone.</exception>
    /// <exception cref="ObjectDisposedException">The terminal was hung up here.</exception>
    public void Resize(WindowSize size)
    {
        using SafeFd.Lease master = Master.Hold();
        KernelException.Check(Libc.ioctl_TIOCSWINSZ(master.Value, size.ToNative()), "ioctl(TIOCSWINSZ)", ShortName);
    }

    /// <summary>The window's present size.</summary>
    /// <exception cref="KernelException">The terminal is gone.</exception>
    /// <exception cref="ObjectDisposedException">The terminal was hung up here.</exception>
    public WindowSize Size
    {
        get
        {
            using SafeFd.Lease master = Master.Hold();
            KernelException.Check(Libc.ioctl_TIOCGWINSZ(master.Value, out Libc.winsize size), "ioctl(TIOCGWINSZ)", ShortName);
            return WindowSize.FromNative(size);
        }
    }

    /// <summary>The process group in the foreground, which gets what Ctrl-C sends; null where there is none.</summary>
    /// <exception cref="ObjectDisposedException">The terminal was hung up here.</exception>
    public int? ForegroundProcessGroup
    {
        get
        {
            using SafeFd.Lease master = Master.Hold();
            return Libc.ioctl_TIOCGPGRP(master.Value) is > 0 and int group ? group : null;
        }
    }

    /// <summary>
    /// The character that means end of input to a program that reads lines (Ctrl-D), or null while the terminal does not
    /// edit lines: then nothing that is written means an end.
    /// </summary>
    internal byte? EndOfFileCharacter =>
        Libc.tcgetattr(Master.Value, out Libc.termios settings) == 0 && (settings.c_lflag & Libc.ICANON) != 0 ? settings.c_cc[Libc.VEOF] : null;

    private string ShortName => $"pts/{Number}";

    /// <inheritdoc/>
    public void Dispose() => Master.Dispose();

    /// <summary>Erasing takes a whole UTF-8 character, not its last byte.</summary>
    private void EditUtf8()
    {
        if (Libc.tcgetattr(Master.Value, out Libc.termios settings) < 0) return;
        settings.c_iflag |= Libc.IUTF8;
        _ = Libc.tcsetattr(Master.Value, Libc.TCSANOW, settings);
    }
}
