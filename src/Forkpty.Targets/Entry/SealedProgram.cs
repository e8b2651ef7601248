using Forkpty.Interop;

namespace Forkpty.Targets;

/// <summary>
/// A program in memory that nobody can change any more. A target may make what enters it execute /proc/self/exe, and then open that file for writing: so it must not be a
/// file of this machine.
/// </summary>
internal static class SealedProgram
{
    private static readonly Lock Making = new();
    private static SafeFd? _helper;

    /// <summary>The program of enter.c, which is linked into this one: some 6 KB, so that it costs 0.1 ms where a copy of ourselves took 3 ms. Made once and kept.</summary>
    /// <exception cref="KernelException">No memory or descriptor is left.</exception>
    public static SafeFd Helper
    {
        get
        {
            lock (Making)
                return _helper ??= Make("the helper", static copy => KernelException.Check((int)Libc.write(copy, Libc.entry_helper()), "write", "the helper"));
        }
    }

    /// <summary>Copies a program.</summary>
    /// <exception cref="KernelException">It cannot be read, or no memory or descriptor is left.</exception>
    public static SafeFd Copy(string path)
    {
        using var from = new SafeFd(KernelException.Check(Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC), "open", path));
        return Make(path, copy =>
        {
            nint count;
            do count = KernelException.Check((int)Libc.sendfile(copy, from.Value, 1 << 30), "sendfile", path);
            while (count > 0);
        });
    }

    private static SafeFd Make(string name, Action<int> write)
    {
        var program = new SafeFd(KernelException.Check(Libc.memfd_create_executable("fpty"), "memfd_create", name));
        try
        {
            write(program.Value);
            KernelException.Check(Libc.seal(program.Value), "fcntl(F_ADD_SEALS)", name);
            return program;
        }
        catch
        {
            program.Dispose();
            throw;
        }
    }
}
