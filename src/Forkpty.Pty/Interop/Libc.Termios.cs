using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Forkpty.Interop;

// termios.h, sys/ioctl.h
internal static unsafe partial class Libc
{
    public const uint IUTF8 = 0x4000;
    public const uint ICANON = 0x2;
    public const uint ISIG = 0x1;
    public const int VEOF = 4;
    public const int VTIME = 5;
    public const int VMIN = 6;
    public const int TCSANOW = 0;

    private const nuint TIOCGPGRP = 0x540F;
    private const nuint TIOCOUTQ = 0x5411;
    private const nuint TIOCGWINSZ = 0x5413;
    private const nuint TIOCSWINSZ = 0x5414;
    private const nuint FIONREAD = 0x541B;
    private const nuint TIOCGPTN = 0x80045430;
    private const nuint TIOCSPTLCK = 0x40045431;
    private const nuint TIOCSIG = 0x40045436;
    private const nuint TIOCGPTPEER = 0x5441;

    [InlineArray(32)]
    public struct cc_t32
    {
        private byte _first;
    }

    /// <summary>struct termios of glibc and musl on x64 and arm64: 60 bytes.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct termios
    {
        public uint c_iflag;
        public uint c_oflag;
        public uint c_cflag;
        public uint c_lflag;
        public byte c_line;
        public cc_t32 c_cc;
        public uint c_ispeed;
        public uint c_ospeed;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct winsize
    {
        public ushort ws_row;
        public ushort ws_col;
        public ushort ws_xpixel;
        public ushort ws_ypixel;
    }

    public static int tcgetattr(int fd, out termios settings)
    {
        fixed (termios* p = &settings) return Result(_tcgetattr(fd, p));
    }

    public static int tcsetattr(int fd, int actions, in termios settings)
    {
        fixed (termios* p = &settings) return Result(_tcsetattr(fd, actions, p));
    }

    public static int ioctl_TIOCGWINSZ(int fd, out winsize size)
    {
        fixed (winsize* p = &size) return Result(_ioctl(fd, TIOCGWINSZ, (nint)p));
    }

    public static int ioctl_TIOCSWINSZ(int fd, winsize size) => Result(_ioctl(fd, TIOCSWINSZ, (nint)(&size)));

    /// <summary>The number N of the terminal /dev/pts/N behind a master; ioctl_tty(2).</summary>
    public static int ioctl_TIOCGPTN(int master, out int number)
    {
        int value = 0;
        int result = Result(_ioctl(master, TIOCGPTN, (nint)(&value)));
        number = value;
        return result;
    }

    /// <summary>Unlocks the terminal behind a master, so that it can be opened.</summary>
    public static int ioctl_TIOCSPTLCK_0(int master)
    {
        int locked = 0;
        return Result(_ioctl(master, TIOCSPTLCK, (nint)(&locked)));
    }

    /// <summary>Opens the terminal behind a master without its path; ioctl_tty(2), Linux 4.13.</summary>
    public static int ioctl_TIOCGPTPEER(int master, int flags) => Result(_ioctl(master, TIOCGPTPEER, flags));

    /// <summary>The foreground process group of the terminal; on a master, of the terminal behind it.</summary>
    public static int ioctl_TIOCGPGRP(int fd)
    {
        int group = 0;
        int result = Result(_ioctl(fd, TIOCGPGRP, (nint)(&group)));
        return result < 0 ? result : group;
    }

    /// <summary>Sends SIGINT, SIGQUIT or SIGTSTP to the foreground process group of the terminal behind a master; the kernel takes no other signal here.</summary>
    public static int ioctl_TIOCSIG(int master, int signal) => Result(_ioctl(master, TIOCSIG, signal));

    /// <summary>Bytes written that the other side has not taken: of a terminal its output queue, of a socket SIOCOUTQ (the same number).</summary>
    public static int ioctl_TIOCOUTQ(int fd)
    {
        int count = 0;
        int result = Result(_ioctl(fd, TIOCOUTQ, (nint)(&count)));
        return result < 0 ? result : count;
    }

    /// <summary>Bytes that can be read at once.</summary>
    public static int ioctl_FIONREAD(int fd)
    {
        int count = 0;
        int result = Result(_ioctl(fd, FIONREAD, (nint)(&count)));
        return result < 0 ? result : count;
    }

    [LibraryImport("libc", EntryPoint = "tcgetattr", SetLastError = true)]
    private static partial int _tcgetattr(int fd, termios* settings);

    [LibraryImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    private static partial int _tcsetattr(int fd, int actions, termios* settings);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int _ioctl(int fd, nuint request, nint argument);
}
