using System.Runtime.InteropServices;
using Forkpty.Interop;

namespace Forkpty.Bench;

/// <summary>
/// posix_spawn(3) with two openings: a program on a terminal, and a program that reads /dev/null. Of its own and not the library's, because the bare pty
/// that everything is compared with must not be the code under test.
/// </summary>
internal static unsafe class Spawn
{
    /// <summary>
    /// The pid, or minus errno. <paramref name="input"/> is opened as fd 0: a terminal becomes the controlling one. Output and errors go to the file
    /// <paramref name="output"/>, or where the input is.
    /// </summary>
    public static int Start(string[] command, string[] environment, string input, string? output)
    {
        List<nint> strings = [];
        byte* actions = stackalloc byte[Libc.posix_spawn_file_actions_size];
        byte* attributes = stackalloc byte[Libc.posix_spawnattr_size];
        _ = Libc.posix_spawn_file_actions_init(actions);
        _ = Libc.posix_spawn_file_actions_addopen(actions, 0, Text(input), Libc.O_RDWR, 0);
        if (output is null)
            _ = Libc.posix_spawn_file_actions_adddup2(actions, 0, 1);
        else
            _ = Libc.posix_spawn_file_actions_addopen(actions, 1, Text(output), Libc.O_WRONLY | Libc.O_CREAT | Libc.O_APPEND, 0x180);
        _ = Libc.posix_spawn_file_actions_adddup2(actions, 1, 2);
        SetSessionAndSignals(attributes);

        byte** argv = stackalloc byte*[command.Length + 1];
        for (int i = 0; i < command.Length; i++)
            argv[i] = Text(command[i]);
        argv[command.Length] = null;
        byte** envp = stackalloc byte*[environment.Length + 1];
        for (int i = 0; i < environment.Length; i++)
            envp[i] = Text(environment[i]);
        envp[environment.Length] = null;

        int pid;
        int error = Libc.posix_spawnp(&pid, argv[0], actions, attributes, argv, envp);
        _ = Libc.posix_spawn_file_actions_destroy(actions);
        strings.ForEach(Marshal.FreeCoTaskMem);
        return error == 0 ? pid : -error;

        byte* Text(string text)
        {
            strings.Add(Marshal.StringToCoTaskMemUTF8(text));
            return (byte*)strings[^1];
        }
    }

    private static void SetSessionAndSignals(byte* attributes)
    {
        byte* signals = stackalloc byte[Libc.sigset_size];
        _ = Libc.posix_spawnattr_init(attributes);
        _ = Libc.posix_spawnattr_setflags(attributes, Libc.POSIX_SPAWN_SETSID | Libc.POSIX_SPAWN_SETSIGDEF | Libc.POSIX_SPAWN_SETSIGMASK);
        new Span<byte>(signals, Libc.sigset_size).Fill(0xff);
        _ = Libc.posix_spawnattr_setsigdefault(attributes, signals);
        new Span<byte>(signals, Libc.sigset_size).Clear();
        _ = Libc.posix_spawnattr_setsigmask(attributes, signals);
    }
}
