using System.Runtime.InteropServices;

namespace Forkpty.Interop;

// sys/resource.h
internal static unsafe partial class Libc
{
    public const int RLIMIT_NOFILE = 7;

    [StructLayout(LayoutKind.Sequential)]
    public struct rlimit
    {
        public ulong rlim_cur;
        public ulong rlim_max;
    }

    /// <summary>Reads a limit of a process (0: this one).</summary>
    public static int getrlimit(int pid, int resource, out rlimit limit)
    {
        fixed (rlimit* p = &limit) return Result(_prlimit(pid, resource, null, p));
    }

    /// <summary>Sets a limit of a process (0: this one).</summary>
    public static int setrlimit(int pid, int resource, rlimit limit) => Result(_prlimit(pid, resource, &limit, null));

    [LibraryImport("libc", EntryPoint = "prlimit", SetLastError = true)]
    private static partial int _prlimit(int pid, int resource, rlimit* newLimit, rlimit* oldLimit);
}
