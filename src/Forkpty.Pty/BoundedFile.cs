using System.Text;
using Forkpty.Interop;

namespace Forkpty;

/// <summary>Small files of the kernel, read up to a bound and written in one call.</summary>
internal static class BoundedFile
{
    /// <summary>A file's text, up to <paramref name="max"/> bytes; null where it cannot be read.</summary>
    public static string? TryRead(SafeFd directory, string name, int max)
    {
        int fd = Libc.openat(directory.Value, name, Libc.O_RDONLY | Libc.O_CLOEXEC);
        if (fd < 0) return null;
        using var file = new SafeFd(fd);
        return TryRead(file, max);
    }

    /// <summary>The text of an open file, from its beginning.</summary>
    public static string? TryRead(SafeFd file, int max)
    {
        _ = Libc.lseek(file.Value, 0, Libc.SEEK_SET);
        Span<byte> bytes = stackalloc byte[4096]; // most of these files are smaller, and each new page of the heap would cost a fault
        int length = 0;
        while (length < max)
        {
            if (length == bytes.Length)
                bytes = Twice(bytes);
            nint count = Libc.read(file.Value, bytes[length..Math.Min(bytes.Length, max)]);
            if (count < 0) return null;
            if (count == 0) break;
            length += (int)count;
        }

        return Encoding.UTF8.GetString(bytes[..length]);

        static byte[] Twice(ReadOnlySpan<byte> full)
        {
            byte[] larger = new byte[full.Length * 2];
            full.CopyTo(larger);
            return larger;
        }
    }

    /// <summary>Writes a word: 0, or minus errno.</summary>
    public static int Write(SafeFd directory, string name, ReadOnlySpan<byte> word)
    {
        int fd = Libc.openat(directory.Value, name, Libc.O_WRONLY | Libc.O_CLOEXEC);
        if (fd < 0) return fd;
        using var file = new SafeFd(fd);
        return (int)Math.Min(0, Libc.write(fd, word));
    }
}
