using System.Runtime.InteropServices;

namespace Forkpty.Interop;

// sys/stat.h, sys/file.h. statx(2) instead of stat(2), whose layout differs between architectures.
internal static unsafe partial class Libc
{
    public const int S_IFMT = 0xF000;
    public const int S_IFSOCK = 0xC000;
    public const int S_IFLNK = 0xA000;
    public const int S_IFREG = 0x8000;
    public const int S_IFDIR = 0x4000;
    public const int S_ISVTX = 0x200;
    public const int LOCK_EX = 2;
    public const int LOCK_NB = 4;

    /// <summary>In place of a directory: a path as everywhere.</summary>
    public const int AT_FDCWD = -100;

    private const int AT_SYMLINK_NOFOLLOW = 0x100;
    private const int AT_EMPTY_PATH = 0x1000;
    private const int AT_STATX_DONT_SYNC = 0x4000;
    private const uint STATX_BASIC_STATS = 0x7ff;
    private const int statx_size = 256;

    /// <summary>What statx(2) tells: type and permission bits, owner, inode and the device of the file system (st_dev).</summary>
    public readonly record struct FileState(int Mode, uint Uid, uint Gid, ulong Inode, ulong Device, ulong Mount);

    /// <summary>The state of a path, of a symbolic link itself where it is one.</summary>
    public static int lstat(string path, out FileState state) => stat(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, out state);

    /// <summary>The state of what a path leads to, as the kernel has it by now: see <see cref="fstat_unasked"/>.</summary>
    public static int stat_unasked(string path, out FileState state) => stat(AT_FDCWD, path, AT_STATX_DONT_SYNC, out state);

    /// <summary>The state of an open file.</summary>
    public static int fstat(int fd, out FileState state) => stat(fd, "", AT_EMPTY_PATH, out state);

    /// <summary>The same as the kernel has it by now: a file system of somebody's own making is not asked, and cannot keep us waiting.</summary>
    public static int fstat_unasked(int fd, out FileState state) => stat(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, out state);

    private static int stat(int directory, string path, int flags, out FileState state)
    {
        byte* buffer = stackalloc byte[statx_size];
        int result = Result(_statx(directory, path, flags, STATX_BASIC_STATS, buffer));
        state = result < 0 ? default : ReadState(buffer);
        return result;
    }

    private static FileState ReadState(byte* statx) => new(
        Mode: *(ushort*)(statx + 28),
        Uid: *(uint*)(statx + 20),
        Gid: *(uint*)(statx + 24),
        Inode: *(ulong*)(statx + 32),
        Device: makedev(*(uint*)(statx + 136), *(uint*)(statx + 140)),
        Mount: *(ulong*)(statx + 144)); // 0 before Linux 5.8

    private static ulong makedev(uint major, uint minor) =>
        ((ulong)(major & ~0xfffu) << 32) | ((ulong)(minor & ~0xffu) << 12) | ((major & 0xfff) << 8) | (minor & 0xff);

    public static int mkdir(string path, uint mode) => Result(_mkdir(path, mode));

    public static int fchmod(int fd, uint mode) => Result(_fchmod(fd, mode));

    /// <summary>Changes owner and group of the file behind a descriptor that was opened with O_PATH; uint.MaxValue leaves one as it is.</summary>
    public static int fchown_path(int fd, uint uid, uint gid) => Result(_fchownat(fd, "", uid, gid, AT_EMPTY_PATH));

    public static int flock(int fd, int operation) => Result(_flock(fd, operation));

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int _statx(int directory, string path, int flags, uint mask, byte* buffer);

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int _mkdir(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    private static partial int _fchmod(int fd, uint mode);

    [LibraryImport("libc", EntryPoint = "fchownat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int _fchownat(int fd, string path, uint uid, uint gid, int flags);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int _flock(int fd, int operation);
}
