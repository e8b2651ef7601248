using System.Runtime.InteropServices;

namespace Forkpty.Interop;

// signal.h: blocked signals. A set is 64 bits here, bit N-1 for signal N, as the kernel has it.
internal static unsafe partial class Libc
{
    public const int SI_KERNEL = 0x80;

    private const int SIG_BLOCK = 0;
    private const int SIG_SETMASK = 2;

    /// <summary>Blocks signals for the calling thread; they wait, across an exec too, until somebody asks for them.</summary>
    public static void block_signals(ulong mask)
    {
        byte* set = stackalloc byte[sigset_size];
        SetMask(set, mask);
        _ = _pthread_sigmask(SIG_BLOCK, set, null);
    }

    /// <summary>Waits for one of the blocked signals in <paramref name="mask"/>: its number, and where it came from (si_code).</summary>
    public static int sigwaitinfo(ulong mask, out int code)
    {
        byte* set = stackalloc byte[sigset_size];
        SetMask(set, mask);
        int* info = stackalloc int[siginfo_size / sizeof(int)];
        int signal;
        do signal = Result(_sigwaitinfo(set, info));
        while (signal == -(int)Errno.EINTR);
        code = info[2];
        return signal;
    }

    private static void SetMask(byte* set, ulong mask)
    {
        new Span<byte>(set, sigset_size).Clear();
        *(ulong*)set = mask;
    }

    [LibraryImport("libc", EntryPoint = "pthread_sigmask")]
    private static partial int _pthread_sigmask(int how, byte* set, byte* old);

    [LibraryImport("libc", EntryPoint = "sigwaitinfo", SetLastError = true)]
    private static partial int _sigwaitinfo(byte* set, int* info);
}
