using System.Runtime.InteropServices;
using System.Text;

namespace Forkpty.Interop;

// unistd.h, sys/prctl.h, sys/wait.h, sys/mman.h, sys/auxv.h: a process and what becomes of it
internal static unsafe partial class Libc
{
    public const int O_TRUNC = 0x200;
    public const int O_PATH = 0x200000;
    public const int SEEK_SET = 0;

    public const int PR_SET_PDEATHSIG = 1;
    public const int PR_SET_NAME = 15;
    public const int PR_CAP_AMBIENT = 47;
    public const int PR_CAP_AMBIENT_CLEAR_ALL = 4;

    private const int AT_EXECFN = 31;

    /// <summary>O_NOFOLLOW differs: 0x20000 on x64, 0x8000 on arm64.</summary>
    public static readonly int O_NOFOLLOW = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 0x20000 : 0x8000;

    /// <summary>
    /// Becomes another program, given by a descriptor, which works where no path leads to it any more (after chroot(2), without /proc). Returns only
    /// when it fails; fexecve(3). Every other thread ends, and the new program starts in the namespaces and with the ids of the calling thread.
    /// </summary>
    public static int fexecve(int file, StringVector arguments, StringVector environment) =>
        Result(_fexecve(file, arguments.Pointer, environment.Pointer));

    /// <summary>Sends a signal to this process once the thread that started it ends (0: none). A change of ids clears it; prctl(2).</summary>
    public static int set_parent_death_signal(int signal) => Result(_prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0));

    /// <summary>Drops all ambient capabilities: those that would come back with the next exec.</summary>
    public static int clear_ambient_capabilities() => Result(_prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0));

    /// <summary>Names the calling thread, and with it the process where that is the main thread; the first 15 bytes count.</summary>
    public static int set_name(string name)
    {
        byte* bytes = stackalloc byte[16];
        new Span<byte>(bytes, 16).Clear();
        Encoding.UTF8.GetEncoder().Convert(name, new Span<byte>(bytes, 15), flush: true, out _, out _, out _);
        return Result(_prctl(PR_SET_NAME, (nint)bytes, 0, 0, 0));
    }

    /// <summary>Waits for a child (-1: any): its pid and wait status, 0 where <paramref name="block"/> is false and none has ended, or minus errno.</summary>
    public static int waitpid(int pid, bool block, out int status)
    {
        int got = 0;
        int result;
        do result = Result(_waitpid(pid, &got, block ? 0 : WNOHANG));
        while (result == -(int)Errno.EINTR);
        status = got;
        return result;
    }

    /// <summary>An unnamed file in memory, without close-on-exec.</summary>
    public static int memfd_create(string name) => Result(_memfd_create(name, 0));

    public static long lseek(int fd, long offset, int whence) => (long)Result((nint)_lseek(fd, offset, whence));

    public static int dup2(int fd, int to) => Result(_dup2(fd, to));

    public static int chroot(string path) => Result(_chroot(path));

    /// <summary>Closes every descriptor from <paramref name="first"/> on.</summary>
    public static int close_from(int first) => (int)Result(syscall3(SYS_close_range, first, int.MaxValue, 0));

    /// <summary>The path this program was started with, as the kernel saw it, or null; getauxval(3).</summary>
    public static string? started_as() => Marshal.PtrToStringUTF8((nint)_getauxval(AT_EXECFN));

    [LibraryImport("libc", EntryPoint = "umask")]
    public static partial uint umask(uint mask);

    [LibraryImport("libc", EntryPoint = "getppid")]
    public static partial int getppid();

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void _exit(int status);

    [LibraryImport("libc", EntryPoint = "fexecve", SetLastError = true)]
    private static partial int _fexecve(int file, byte** argv, byte** envp);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int _prctl(int option, nint a, nint b, nint c, nint d);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int _waitpid(int pid, int* status, int options);

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int _memfd_create(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static partial long _lseek(int fd, long offset, int whence);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    private static partial int _dup2(int fd, int to);

    [LibraryImport("libc", EntryPoint = "chroot", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int _chroot(string path);

    [LibraryImport("libc", EntryPoint = "getauxval")]
    private static partial nuint _getauxval(nuint type);
}
