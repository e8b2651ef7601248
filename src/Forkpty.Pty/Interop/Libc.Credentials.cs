using System.Runtime.InteropServices;

namespace Forkpty.Interop;

// unistd.h, grp.h: who a process is. The C library's calls change every thread of the process, the bare system calls only the calling one.
internal static unsafe partial class Libc
{
    /// <summary>Leaves an id as it is in setresuid(2) and setresgid(2).</summary>
    public const uint unchanged_id = uint.MaxValue;

    /// <summary>NGROUPS_MAX: as many supplementary groups a process can have.</summary>
    public const int NGROUPS_MAX = 65536;

    public static int setresuid(uint real, uint effective, uint saved) => Result(_setresuid(real, effective, saved));

    public static int setresgid(uint real, uint effective, uint saved) => Result(_setresgid(real, effective, saved));

    public static int getresuid(out uint real, out uint effective, out uint saved)
    {
        uint* ids = stackalloc uint[3];
        int result = Result(_getresuid(ids, ids + 1, ids + 2));
        (real, effective, saved) = (ids[0], ids[1], ids[2]);
        return result;
    }

    public static int getresgid(out uint real, out uint effective, out uint saved)
    {
        uint* ids = stackalloc uint[3];
        int result = Result(_getresgid(ids, ids + 1, ids + 2));
        (real, effective, saved) = (ids[0], ids[1], ids[2]);
        return result;
    }

    /// <summary>Replaces all supplementary groups.</summary>
    public static int setgroups(ReadOnlySpan<uint> groups)
    {
        fixed (uint* p = groups) return Result(_setgroups((nuint)groups.Length, p));
    }

    /// <summary>The supplementary groups, as many as fit; their number is returned.</summary>
    public static int getgroups(Span<uint> groups)
    {
        fixed (uint* p = groups) return Result(_getgroups(groups.Length, p));
    }

    [LibraryImport("libc", EntryPoint = "setresuid", SetLastError = true)]
    private static partial int _setresuid(uint real, uint effective, uint saved);

    [LibraryImport("libc", EntryPoint = "setresgid", SetLastError = true)]
    private static partial int _setresgid(uint real, uint effective, uint saved);

    [LibraryImport("libc", EntryPoint = "getresuid", SetLastError = true)]
    private static partial int _getresuid(uint* real, uint* effective, uint* saved);

    [LibraryImport("libc", EntryPoint = "getresgid", SetLastError = true)]
    private static partial int _getresgid(uint* real, uint* effective, uint* saved);

    [LibraryImport("libc", EntryPoint = "setgroups", SetLastError = true)]
    private static partial int _setgroups(nuint count, uint* groups);

    [LibraryImport("libc", EntryPoint = "getgroups", SetLastError = true)]
    private static partial int _getgroups(int count, uint* groups);
}
