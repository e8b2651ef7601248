using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Forkpty.Interop;

// dirent.h, fcntl.h, sys/stat.h, sys/statfs.h: files by their name in a directory that is open, which nobody can exchange meanwhile
internal static unsafe partial class Libc
{
    public const uint PROC_SUPER_MAGIC = 0x9fa0;
    public const uint SYSFS_MAGIC = 0x62656572;
    public const uint CGROUP2_SUPER_MAGIC = 0x63677270;

    private const int AT_REMOVEDIR = 0x200;
    private const int statfs_size = 120;
    private const int dirent_reclen_offset = 16;
    private const int dirent_type_offset = 18;
    private const int dirent_name_offset = 19;

    /// <summary>O_DIRECTORY differs: 0x10000 on x64, 0x4000 on arm64.</summary>
    public static readonly int O_DIRECTORY = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 0x10000 : 0x4000;

    public const byte DT_DIR = 4;

    private static readonly nint SYS_getdents64 = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 217 : 61;

    public static int openat(int directory, string name, int flags)
    {
        int fd;
        do fd = Result(_openat(directory, name, flags, 0));
        while (fd == -(int)Errno.EINTR);
        return fd;
    }

    public static int mkdirat(int directory, string name, uint mode) => Result(_mkdirat(directory, name, mode));

    /// <summary>Removes an empty directory; unlinkat(2) with AT_REMOVEDIR.</summary>
    public static int rmdirat(int directory, string name) => Result(_unlinkat(directory, name, AT_REMOVEDIR));

    /// <summary>The kind of file system an open file is on: 0 and one of the _SUPER_MAGIC numbers, or minus errno; statfs(2).</summary>
    public static int fstatfs_type(int fd, out uint type)
    {
        byte* buffer = stackalloc byte[statfs_size];
        int result = Result(_fstatfs(fd, buffer));
        type = result < 0 ? 0 : (uint)*(long*)buffer;
        return result;
    }

    /// <summary>The next entries of an open directory: how many bytes of <paramref name="buffer"/> are filled, 0 at the end; getdents(2).</summary>
    public static int getdents64(int directory, Span<byte> buffer)
    {
        fixed (byte* start = buffer) return (int)Result(syscall3(SYS_getdents64, directory, (nint)start, buffer.Length));
    }

    /// <summary>Takes the first entry off what <see cref="getdents64"/> filled in: its type (DT_) and name. False at the end.</summary>
    public static bool next_dirent(ref ReadOnlySpan<byte> entries, out byte type, out ReadOnlySpan<byte> name)
    {
        type = 0;
        name = default;
        if (entries.Length <= dirent_name_offset) return false;
        int length = Math.Clamp(BinaryPrimitives.ReadUInt16LittleEndian(entries[dirent_reclen_offset..]), dirent_name_offset + 1, entries.Length);
        type = entries[dirent_type_offset];
        name = entries[dirent_name_offset..length];
        int end = name.IndexOf((byte)0);
        name = end < 0 ? name : name[..end];
        entries = entries[length..];
        return true;
    }

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int _openat(int directory, string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "mkdirat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int _mkdirat(int directory, string path, uint mode);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int _unlinkat(int directory, string path, int flags);

    [LibraryImport("libc", EntryPoint = "fstatfs", SetLastError = true)]
    private static partial int _fstatfs(int fd, byte* buffer);
}
