namespace Forkpty.Interop;

/// <summary>Starts programs that are no session: a hook of the configuration, a copy of ourselves in the background.</summary>
internal static unsafe class Spawn
{
    /// <summary>rw-r-----: a log is for its owner and group.</summary>
    private const uint LogMode = 0x1A0;

    /// <summary>
    /// Runs a command through <c>/bin/sh -c</c> and waits for it. It has our terminal and descriptors 0 to 2, nothing else, default signals and
    /// an empty mask; it is in the namespaces of the calling thread.
    /// </summary>
    /// <returns>Its wait status (wait(2)), or minus errno where it could not be started.</returns>
    public static int Shell(string command, IReadOnlyList<string> environment)
    {
        using var arguments = new StringVector(["/bin/sh", "-c", command]);
        using var variables = new StringVector(environment);
        int pid = Start("/bin/sh", arguments, variables, newSession: false, output: null);
        if (pid < 0)
            return pid;
        int result = Libc.waitpid(pid, block: true, out int status);
        return result < 0 ? result : status;
    }

    /// <summary>Starts a program with its own session, away from our terminal: /dev/null as input, a file (appended) as output. Its pid or minus errno.</summary>
    public static int Detached(string program, StringVector arguments, StringVector environment, string output) =>
        Start(program, arguments, environment, newSession: true, output);

    /// <summary>
    /// Starts the program behind a descriptor under a name, without arguments and environment, in a session of its own, away from our terminal: a socket as descriptor 3, a pipe as 4.
    /// All three are above 4 here. Its pid or minus errno.
    /// </summary>
    public static int WithChannels(int program, string name, int socket, int pipe)
    {
        byte* actions = stackalloc byte[Libc.posix_spawn_file_actions_size];
        using var names = new StringVector([$"/proc/self/fd/{program}", "/dev/null"]);
        using var arguments = new StringVector([name]);
        using var environment = new StringVector([]);
        int failed = Libc.posix_spawn_file_actions_init(actions)
            | Libc.posix_spawn_file_actions_addopen(actions, 0, names.Pointer[1], Libc.O_RDWR | Libc.O_NOCTTY, 0)
            | Libc.posix_spawn_file_actions_adddup2(actions, 0, 1)
            | Libc.posix_spawn_file_actions_adddup2(actions, 0, 2)
            | Libc.posix_spawn_file_actions_adddup2(actions, socket, 3)
            | Libc.posix_spawn_file_actions_adddup2(actions, pipe, 4);
        return Start(names.Pointer[0], arguments, environment, newSession: true, actions, failed);
    }

    private static int Start(string program, StringVector arguments, StringVector environment, bool newSession, string? output)
    {
        byte* actions = stackalloc byte[Libc.posix_spawn_file_actions_size];
        using var names = new StringVector([program, "/dev/null", output ?? ""]);
        int failed = Libc.posix_spawn_file_actions_init(actions);
        if (output is not null)
        {
            const int Append = Libc.O_WRONLY | Libc.O_CREAT | Libc.O_APPEND | Libc.O_NOCTTY;
            failed |= Libc.posix_spawn_file_actions_addopen(actions, 0, names.Pointer[1], Libc.O_RDONLY | Libc.O_NOCTTY, 0)
                | Libc.posix_spawn_file_actions_addopen(actions, 1, names.Pointer[2], Append, LogMode)
                | Libc.posix_spawn_file_actions_adddup2(actions, 1, 2);
        }

        return Start(names.Pointer[0], arguments, environment, newSession, actions, failed);
    }

    /// <summary>Starts it with the actions, where none of them failed, and frees them. Its pid or minus errno.</summary>
    private static int Start(byte* file, StringVector arguments, StringVector environment, bool newSession, byte* actions, int failed)
    {
        int pid = 0;
        int error = failed != 0 ? (int)Errno.ENOMEM : SpawnGate.Spawn(out pid, file, actions, SpawnAttributes.Create(newSession), arguments.Pointer, environment.Pointer);
        _ = Libc.posix_spawn_file_actions_destroy(actions);
        return error == 0 ? pid : -error;
    }
}
