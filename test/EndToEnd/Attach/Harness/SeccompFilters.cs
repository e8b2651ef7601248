namespace Forkpty.EndToEnd.Attach;

/// <summary>A command that executes another one below seccomp filters of its choice, on x64.</summary>
public static class SeccompFilters
{
    // HOW: seccomp, prctl, log (seccomp with a flag), listen (seccomp, and a child holds the listener and never answers). "seccomp:0" is a call of seccomp without flags.
    private const string Script = """
        import ctypes, errno, os, signal, struct, sys
        libc = ctypes.CDLL(None, use_errno=True)
        numbers = {"mkdir": 83, "rmdir": 84, "seccomp": 317, "seccomp:0": 317, "prctl": 157, "keyctl": 250}
        actions = {"KILL": 0x80000000, "NOTIFY": 0x7fc00000}
        def install(how, *forbidden):
            code = [(0x20, 0, 0, 0)]
            for call, name in (each.split("=") for each in forbidden):
                answer = [(0x06, 0, 0, actions[name] if name in actions else 0x50000 | getattr(errno, name))]
                if ":" in call:
                    answer = [(0x20, 0, 0, 24), (0x15, 0, 1, int(call.split(":")[1])), *answer, (0x20, 0, 0, 0)]
                code += [(0x15, 0, len(answer), numbers[call]), *answer]
            text = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *each) for each in [*code, (0x06, 0, 0, 0x7fff0000)]))
            program = struct.pack("HxxxxxxQ", len(code) + 1, ctypes.addressof(text))
            result = libc.prctl(22, 2, program, 0, 0) if how == "prctl" else libc.syscall(317, 1, {"seccomp": 0, "log": 2, "listen": 8}[how], program)
            assert result >= 0, os.strerror(ctypes.get_errno())
            if how == "listen" and os.fork() == 0:
                signal.pause()
        end = sys.argv.index("--")
        for each in sys.argv[1:end]:
            install(*each.split())
        os.execvp(sys.argv[end + 1], sys.argv[end + 1:])
        """;

    /// <summary>The command's first words, for a shell.</summary>
    /// <param name="directory">Where it is kept.</param>
    /// <param name="filters">Of each, how it is installed and what it forbids, as "seccomp mkdir=EPERM rmdir=KILL"; the oldest first.</param>
    public static string Wrapper(TempDirectory directory, params string[] filters) =>
        $"python3 {directory.Write("filters.py", Script)} {string.Join(' ', filters.Select(each => $"'{each}'"))} --";
}
