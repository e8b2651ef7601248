using System.Text;
using Forkpty.Interop;

namespace Forkpty.Targets;

/// <summary>
/// Files of a host, or of a picture of one below a directory. Others write them: some in the middle of our reading, and the users of rootless containers
/// on purpose. So nothing is read but regular files, each up to a bound, and what cannot be read is not there.
/// </summary>
/// <param name="root">What stands before every path; empty for the host itself.</param>
internal sealed class HostFiles(string root)
{
    /// <summary>A state file of runc has 6 to 40 KB, most of it a seccomp profile.</summary>
    public const int MaxState = 4 << 20;

    /// <summary>Of a directory somebody may have made with a million names.</summary>
    private const int MaxNames = 20_000;

    public string Root { get; } = root;

    public string? Text(string path, int max = MaxState) => Text(path, max, out _);

    /// <summary>A file's text and its owner; null where it is no regular file or cannot be read. Of a longer one the beginning.</summary>
    public string? Text(string path, int max, out uint owner)
    {
        using SafeFd? file = Open(path, out owner);
        return file is null ? null : BoundedFile.TryRead(file, max);
    }

    /// <summary>Opens a regular file to read; null where there is none, or it may not be read.</summary>
    public SafeFd? Open(string path, out uint owner)
    {
        owner = 0;
        int fd = Libc.open(Root + path, Libc.O_RDONLY | Libc.O_CLOEXEC | Libc.O_NONBLOCK | Libc.O_NOCTTY | Libc.O_NOFOLLOW);
        if (fd < 0) return null;
        var file = new SafeFd(fd);
        if (Libc.fstat(fd, out Libc.FileState state) < 0 || (state.Mode & Libc.S_IFMT) != Libc.S_IFREG)
        {
            file.Dispose();
            return null;
        }

        owner = state.Uid;
        return file;
    }

    /// <summary>The names in a directory, sorted, without those that begin with a dot; none where it cannot be read.</summary>
    public List<string> Names(string path)
    {
        var names = new List<string>();
        int fd = Libc.open(Root + path, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC);
        if (fd < 0) return names;
        using var directory = new SafeFd(fd);
        Span<byte> buffer = stackalloc byte[4096];
        while (names.Count < MaxNames && Libc.getdents64(fd, buffer) is > 0 and int filled)
        {
            ReadOnlySpan<byte> entries = buffer[..filled];
            while (Libc.next_dirent(ref entries, out _, out ReadOnlySpan<byte> name))
            {
                if (name.Length > 0 && name[0] != (byte)'.')
                    names.Add(Encoding.UTF8.GetString(name));
            }
        }

        names.Sort(string.CompareOrdinal);
        return names;
    }

    public string? Link(string path) => Libc.readlink(Root + path);
}
