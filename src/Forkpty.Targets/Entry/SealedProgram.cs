using Forkpty.Interop;

namespace Forkpty.Targets;

/// <summary>
/// A copy of a program in memory that nobody can change any more. A target may make what enters it execute /proc/self/exe, and then open that file for
/// writing: so it must not be a file of this machine.
/// </summary>
internal static class SealedProgram
{
    private static readonly Lock Making = new();
    private static SafeFd? _self;

    /// <summary>This program; copied once (some 2 ms) and kept.</summary>
    /// <exception cref="KernelException">No memory or descriptor is left, or there is no /proc.</exception>
    public static SafeFd Self
    {
        get
        {
            lock (Making)
                return _self ??= Copy("/proc/self/exe");
        }
    }

    /// <summary>Copies a program.</summary>
    /// <exception cref="KernelException">It cannot be read, or no memory or descriptor is left.</exception>
    public static SafeFd Copy(string path)
    {
        using var from = new SafeFd(KernelException.Check(Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC), "open", path));
        var copy = new SafeFd(KernelException.Check(Libc.memfd_create_executable("fpty"), "memfd_create", path));
        try
        {
            nint count;
            do count = KernelException.Check((int)Libc.sendfile(copy.Value, from.Value, 1 << 30), "sendfile", path);
            while (count > 0);
            KernelException.Check(Libc.seal(copy.Value), "fcntl(F_ADD_SEALS)", path);
            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }
}
