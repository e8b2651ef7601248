using System.Runtime.InteropServices;

namespace Forkpty.Interop;

// termios.h and unistd.h: what a client needs to take the local terminal over. The numbers are those of x64 and arm64.
internal static unsafe partial class Libc
{
    private const uint IGNBRK = 0x1;
    private const uint BRKINT = 0x2;
    private const uint PARMRK = 0x8;
    private const uint ISTRIP = 0x20;
    private const uint INLCR = 0x40;
    private const uint IGNCR = 0x80;
    private const uint ICRNL = 0x100;
    private const uint IUCLC = 0x200;
    private const uint IXON = 0x400;
    private const uint IXANY = 0x800;
    private const uint IXOFF = 0x1000;
    private const uint IMAXBEL = 0x2000;
    public const uint OPOST = 0x1;
    private const uint ECHO = 0x8;
    private const uint ECHOE = 0x10;
    private const uint ECHOK = 0x20;
    private const uint ECHONL = 0x40;
    private const uint IEXTEN = 0x8000;
    private const uint CSIZE = 0x30;
    private const uint CS8 = 0x30;
    private const uint PARENB = 0x100;

    public const int S_IFIFO = 0x1000;

    /// <summary>Turns settings into raw ones, as cfmakeraw(3) does: every byte goes through as it is, both ways. IUTF8 and the speed stay.</summary>
    public static void make_raw(ref termios settings)
    {
        settings.c_iflag &= ~(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IUCLC | IXON | IXANY | IXOFF | IMAXBEL);
        settings.c_oflag &= ~OPOST;
        settings.c_lflag &= ~(ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHONL | IEXTEN);
        settings.c_cflag = (settings.c_cflag & ~(CSIZE | PARENB)) | CS8;
        settings.c_cc[VMIN] = 1;
        settings.c_cc[VTIME] = 0;
    }

    [LibraryImport("libc", EntryPoint = "getpgrp")]
    public static partial int getpgrp();
}
