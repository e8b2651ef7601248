using Forkpty.Interop;

namespace Forkpty.Jail;

/// <summary>A limit on open descriptors, soft and hard; getrlimit(2), RLIMIT_NOFILE.</summary>
internal readonly record struct FileLimit(ulong Soft, ulong Hard)
{
    /// <summary>The limit of this process.</summary>
    public static FileLimit Current => Libc.getrlimit(0, Libc.RLIMIT_NOFILE, out Libc.rlimit limit) < 0 ? default : new FileLimit(limit.rlim_cur, limit.rlim_max);

    /// <summary>
    /// Lets the router have as many descriptors as it may: a session takes three. Programs that select(2) break with a high limit, so sessions
    /// get the original one back, which the caller keeps.
    /// </summary>
    public static void Raise() => Set(new FileLimit(Current.Hard, Current.Hard));

    /// <summary>Sets the limit of this process, or of <paramref name="pid"/>; 0 or minus errno.</summary>
    public static int Set(FileLimit limit, int pid = 0) =>
        Libc.setrlimit(pid, Libc.RLIMIT_NOFILE, new Libc.rlimit { rlim_cur = limit.Soft, rlim_max = limit.Hard });
}
