namespace Forkpty.Interop;

/// <summary>How a program of ours starts: a posix_spawnattr_t, which holds no pointers and can be used any number of times.</summary>
internal static unsafe class SpawnAttributes
{
    /// <summary>
    /// Default actions for all signals, because the runtime ignores SIGPIPE and a child would inherit that, and no signal blocked; for a program on a terminal a session
    /// of its own. The set is 0xff in every byte: sigfillset(3) leaves out 32 and 33, which would stay ignored.
    /// </summary>
    public static byte[] Create(bool newSession)
    {
        byte[] memory = new byte[Libc.posix_spawnattr_size];
        byte* signals = stackalloc byte[Libc.sigset_size];
        fixed (byte* attributes = memory)
        {
            // None of these can fail: they store what they are given.
            _ = Libc.posix_spawnattr_init(attributes);
            new Span<byte>(signals, Libc.sigset_size).Fill(0xff);
            _ = Libc.posix_spawnattr_setsigdefault(attributes, signals);
            new Span<byte>(signals, Libc.sigset_size).Clear();
            _ = Libc.posix_spawnattr_setsigmask(attributes, signals);
            _ = Libc.posix_spawnattr_setflags(attributes, (short)(Libc.POSIX_SPAWN_SETSIGDEF | Libc.POSIX_SPAWN_SETSIGMASK | (newSession ? Libc.POSIX_SPAWN_SETSID : 0)));
        }

        return memory;
    }
}
