using Forkpty.Interop;

namespace Forkpty.Jail;

/// <summary>The first statement of Main: what whoever started us left behind must not reach the router, nor its sessions.</summary>
internal static class Startup
{
    /// <summary>The first descriptor that is not standard input, output or error.</summary>
    private const int FirstOther = 3;

    /// <summary>
    /// Cleans up, and runs a supervisor where this is one.
    /// </summary>
    /// <returns>The status to end with, or null: go on.</returns>
    public static int? Run(IReadOnlyList<string> arguments)
    {
        OpenStandard();

        // Ignored by whoever started us, the kernel would reap every child before us and no exit status would be left (measured: 0 of 50).
        Libc.signal_default(Libc.SIGCHLD);

        // A supervisor makes its child before anything else has run in this process.
        if (Stage.Is(arguments, Stage.Supervise))
            return Supervisor.Run(arguments);

        // Started from a descriptor the process would be called by its number.
        _ = Libc.set_name(Stage.DefaultName);

        // Also those that were announced to us (LISTEN_FDS, fd://N): we can use them all the same, and no child may have them.
        _ = Libc.close_on_exec_from(FirstOther);
        return null;
    }

    /// <summary>Where one of the three was closed, a socket or a file would get its number, and what is printed would go there.</summary>
    private static void OpenStandard()
    {
        for (int descriptor = 0; descriptor < FirstOther; descriptor++)
        {
            if (Libc.fcntl(descriptor, Libc.F_GETFD) < 0)
                _ = Libc.open("/dev/null", Libc.O_RDWR); // the lowest number that is free
        }
    }
}
