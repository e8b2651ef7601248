using System.Runtime.InteropServices;
using System.Text;

namespace Forkpty.Interop;

// unistd.h, sys/stat.h, linux/nsfs.h: what the links of /proc/PID/ns and /proc/PID/fd lead to
internal static unsafe partial class Libc
{
    private const int readlink_max = 4096;
    private const nuint NS_GET_OWNER_UID = 0xb704;
    private const nint SYS_openat2 = 437;
    private const ulong RESOLVE_NO_XDEV = 1;
    private const ulong RESOLVE_NO_MAGICLINKS = 2;
    private const ulong RESOLVE_NO_SYMLINKS = 4;
    private const ulong RESOLVE_BENEATH = 8;
    private const ulong RESOLVE_IN_ROOT = 16;

    [StructLayout(LayoutKind.Sequential)]
    private struct open_how
    {
        public ulong flags;
        public ulong mode;
        public ulong resolve;
    }

    /// <summary>Where a symbolic link leads, as it is written; null where there is none, or it cannot be read.</summary>
    public static string? readlink(string path) => readlinkat(AT_FDCWD, path);

    /// <summary>The same of a name below an open directory.</summary>
    public static string? readlinkat(int directory, string name)
    {
        byte* buffer = stackalloc byte[readlink_max];
        nint count = Result(_readlinkat(directory, name, buffer, readlink_max));
        return count is < 0 or readlink_max ? null : Encoding.UTF8.GetString(buffer, (int)count);
    }

    /// <summary>What a path leads to, links followed: how many names it has, and which device it is. Opens nothing, and asks no file system, which might not answer.</summary>
    public static int stat_device(string path, out uint links, out uint major, out uint minor)
    {
        byte* buffer = stackalloc byte[statx_size];
        int result = Result(_statx(AT_FDCWD, path, AT_STATX_DONT_SYNC, STATX_BASIC_STATS, buffer));
        (links, major, minor) = result < 0 ? default : (*(uint*)(buffer + 16), *(uint*)(buffer + 128), *(uint*)(buffer + 132));
        return result;
    }

    /// <summary>A place in a tree of files as who has it for a root finds it: no link leads out. openat2(2) with O_PATH, Linux 5.6.</summary>
    public static int open_place_in_root(int root, string path) => openat2(root, path, O_PATH | O_CLOEXEC, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);

    /// <summary>Opens what is below a directory, on a way without any link or mount; openat2(2), Linux 5.6: ENOSYS before.</summary>
    public static int open_without_links(int directory, string path, int flags) => openat2(directory, path, flags, RESOLVE_NO_XDEV | RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS);

    private static int openat2(int directory, string path, int flags, ulong resolve)
    {
        open_how how = new() { flags = (ulong)flags, resolve = resolve };
        int count = Encoding.UTF8.GetMaxByteCount(path.Length) + 1;
        byte* name = stackalloc byte[count];
        name[Encoding.UTF8.GetBytes(path, new Span<byte>(name, count))] = 0;
        return (int)Result(syscall4(SYS_openat2, directory, (nint)name, (nint)(&how), sizeof(open_how)));
    }

    /// <summary>Whose user namespace this is; ioctl_ns(2).</summary>
    public static int ioctl_NS_GET_OWNER_UID(int fd, out uint uid)
    {
        uint value = 0;
        int result = Result(_ioctl(fd, NS_GET_OWNER_UID, (nint)(&value)));
        uid = value;
        return result;
    }

    [LibraryImport("libc", EntryPoint = "readlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint _readlinkat(int directory, string name, byte* buffer, nint size);
}
