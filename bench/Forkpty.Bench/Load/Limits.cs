using Forkpty.Interop;

namespace Forkpty.Bench;

/// <summary>Limits of this process, which the routers it starts inherit.</summary>
internal static class Limits
{
    /// <summary>Lets this process and those that it starts from now on have at least so many open files, where the hard limit or root permits.</summary>
    public static void RaiseOpenFiles(int count)
    {
        KernelException.Check(Libc.getrlimit(0, Libc.RLIMIT_NOFILE, out Libc.rlimit limit), "getrlimit", "RLIMIT_NOFILE");
        if (limit.rlim_cur >= (ulong)count)
            return;
        limit = new Libc.rlimit { rlim_cur = (ulong)count, rlim_max = Math.Max((ulong)count, limit.rlim_max) };
        KernelException.Check(Libc.setrlimit(0, Libc.RLIMIT_NOFILE, limit), "setrlimit", "RLIMIT_NOFILE");
    }
}
