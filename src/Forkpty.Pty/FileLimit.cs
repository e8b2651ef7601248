using Forkpty.Interop;

namespace Forkpty;

/// <summary>
/// The limit of open files (RLIMIT_NOFILE). A router raises its own to serve many sessions; the programs it starts get the one it was given back,
/// because many loop over all descriptors up to the limit.
/// </summary>
internal static class FileLimit
{
    private static Libc.rlimit? _given;

    /// <summary>Raises the soft limit to the hard one, or to <paramref name="wanted"/>, and remembers what it was.</summary>
    /// <returns>The limit that now holds.</returns>
    public static ulong Raise(ulong? wanted = null)
    {
        if (Libc.getrlimit(0, Libc.RLIMIT_NOFILE, out Libc.rlimit given) < 0) return 0;
        ulong target = wanted ?? given.rlim_max;
        var raised = new Libc.rlimit { rlim_cur = target, rlim_max = Math.Max(target, given.rlim_max) };
        if (Libc.setrlimit(0, Libc.RLIMIT_NOFILE, raised) < 0) return given.rlim_cur;
        _given ??= given;
        return raised.rlim_cur;
    }

    /// <summary>What the limit was in an earlier image of this process, which has raised it and executed us.</summary>
    public static void Adopt(Libc.rlimit given) => _given = given;

    /// <summary>
    /// Gives a program that was just started the limit we were given. posix_spawn(3) cannot; the program is still in its
    /// loader here, so it never sees ours.
    /// </summary>
    public static void Restore(int pid)
    {
        if (_given is { } given)
            _ = Libc.setrlimit(pid, Libc.RLIMIT_NOFILE, given);
    }
}
