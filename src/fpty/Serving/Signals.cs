using System.Runtime.CompilerServices;
using Forkpty.Interop;

namespace Forkpty.Serving;

/// <summary>
/// The signals by which a router is told something. Every thread blocks them and one takes them, with sigwaitinfo(2). So one that comes while that thread is making an upgrade waits, and
/// the next executable takes it: an exec keeps what waits, but with a handler it would be lost whatever thread had just been given the signal.
/// </summary>
internal static class Signals
{
    private static readonly int[] All = [Libc.SIGHUP, Libc.SIGINT, Libc.SIGQUIT, Libc.SIGTERM, Libc.SIGUSR2];

    /// <summary>Blocks them, on the thread that is going to take them; threads that are started afterwards block them too. A SIGINT or SIGQUIT that whoever started us has ignored stays so.</summary>
    /// <returns>The set that was blocked, for <see cref="Libc.sigwaitinfo"/>.</returns>
    public static ulong Block()
    {
        ulong all = 0;
        foreach (int signal in All)
            all |= 1UL << (signal - 1);
        Libc.block_signals(all);

        // The runtime has one thread besides this when Main begins. The only way to have it do something is a finalizer.
        Abandon(all);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return all & ~(Ignored(Libc.SIGINT) | Ignored(Libc.SIGQUIT));
    }

    /// <summary>
    /// A file that may not grow any more (RLIMIT_FSIZE; also one in memory, as a router's state is) is an error of the write, EFBIG, and not the end of the router with all its sessions.
    /// </summary>
    public static void IgnoreFileLimit() => Libc.signal_ignore(Libc.SIGXFSZ);

    /// <summary>As if somebody had sent SIGUSR2; from any thread.</summary>
    public static void AskForUpgrade() => Libc.kill(Libc.getpid(), Libc.SIGUSR2);

    private static ulong Ignored(int signal) => Libc.is_ignored(signal) ? 1UL << (signal - 1) : 0;

    [MethodImpl(MethodImplOptions.NoInlining)] // so that nothing refers to it any more
    private static void Abandon(ulong mask) => _ = new Blocker(mask);

    private sealed class Blocker(ulong mask)
    {
        ~Blocker() => Libc.block_signals(mask);
    }
}
