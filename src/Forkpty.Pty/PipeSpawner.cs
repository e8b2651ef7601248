using Forkpty.Interop;

namespace Forkpty;

/// <summary>Starts programs without a terminal.</summary>
internal static unsafe class PipeSpawner
{
    /// <summary>
    /// Starts a program as the leader of a new session that has no terminal, with a pipe for each of its descriptors 0, 1 and 2. Takes as long as
    /// <see cref="PtySpawner.Start"/>: keep it off a thread that carries keystrokes.
    /// </summary>
    /// <remarks>
    /// Pipes and no sockets, for standard input too: programs look at what they have there, and bash takes a socket for rshd's and reads ~/.bashrc.
    /// </remarks>
    /// <exception cref="KernelException">No descriptor is left, or the program cannot be run.</exception>
    public static PipedProgram Start(SpawnPlan plan)
    {
        using StandardPipes pipes = StandardPipes.Open();
        return pipes.Take(Spawn(plan, pipes));
    }

    private static Leader Spawn(SpawnPlan plan, StandardPipes pipes)
    {
        byte* actions = stackalloc byte[Libc.posix_spawn_file_actions_size];
        PtySpawner.Check(Libc.posix_spawn_file_actions_init(actions), plan);
        try
        {
            if (plan.WorkingDirectory != null)
                PtySpawner.Check(Libc.posix_spawn_file_actions_addchdir_np(actions, plan.WorkingDirectory), plan);
            PtySpawner.Check(Libc.posix_spawn_file_actions_adddup2(actions, pipes.Input.Value, 0), plan);
            PtySpawner.Check(Libc.posix_spawn_file_actions_adddup2(actions, pipes.Output.Value, 1), plan);
            PtySpawner.Check(Libc.posix_spawn_file_actions_adddup2(actions, pipes.Errors.Value, 2), plan);
            return PtySpawner.Lead(plan, actions);
        }
        finally
        {
            _ = Libc.posix_spawn_file_actions_destroy(actions);
        }
    }
}
