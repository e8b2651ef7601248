using System.Runtime.InteropServices;

namespace Forkpty.Interop;

/// <summary>
/// What we call of the C library: one file per C header, C names. Each call returns what the kernel returned:
/// a value of 0 or more, or minus errno (<see cref="Errno"/>). The first statement after a call captures errno; nobody outside
/// this class ever reads it, because whatever runs in between may change it.
/// </summary>
internal static unsafe partial class Libc
{
    private static int Result(int result) => result >= 0 ? result : -Marshal.GetLastPInvokeError();

    private static nint Result(nint result) => result >= 0 ? result : -Marshal.GetLastPInvokeError();

    // System calls newer than the oldest C library we meet (musl has no wrapper, glibc since 2.36). Their numbers are the same on every architecture.
    private const nint SYS_pidfd_send_signal = 424;
    private const nint SYS_pidfd_open = 434;
    private const nint SYS_close_range = 436;

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint syscall3(nint number, nint a, nint b, nint c);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint syscall4(nint number, nint a, nint b, nint c, nint d);
}
