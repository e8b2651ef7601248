using Forkpty.Interop;

namespace Forkpty;

/// <summary>A limit on open descriptors, soft and hard; getrlimit(2), RLIMIT_NOFILE.</summary>
internal readonly record struct FileLimit(ulong Soft, ulong Hard)
{
    /// <summary>The limit of this process.</summary>
    public static FileLimit Current => Libc.getrlimit(0, Libc.RLIMIT_NOFILE, out Libc.rlimit limit) < 0 ? default : new FileLimit(limit.rlim_cur, limit.rlim_max);

    /// <summary>What the programs we start get, where it is not our own limit: many loop over all descriptors up to it, and select(2) breaks with a high one.</summary>
    public static FileLimit? OfPrograms { get; set; }

    /// <summary>Lets this process have as many descriptors as it may: a session takes three.</summary>
    public static void Raise() => Set(new FileLimit(Current.Hard, Current.Hard));

    /// <summary>Sets the limit of this process, or of <paramref name="pid"/>; 0 or minus errno.</summary>
    public static int Set(FileLimit limit, int pid = 0) =>
        Libc.setrlimit(pid, Libc.RLIMIT_NOFILE, new Libc.rlimit { rlim_cur = limit.Soft, rlim_max = limit.Hard });

    /// <summary>
    /// Gives a program that was just started <see cref="OfPrograms"/>. posix_spawn(3) cannot. The program is still in its loader here, so it never sees ours, unless
    /// this thread gets no processor for that long: then a program may find for a moment what it could raise its own to.
    /// </summary>
    public static void Restore(int pid)
    {
        if (OfPrograms is { } limit)
            _ = Set(limit, pid);
    }
}
