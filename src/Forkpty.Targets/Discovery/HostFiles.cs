using System.Text;
using Forkpty.Interop;

namespace Forkpty.Targets;

/// <summary>
/// Files of a host, or of a picture of one below a directory. Others write them: some in the middle of our reading, and the users of rootless containers
/// on purpose. So nothing is read but regular files, each up to a bound, and what cannot be read is not there, nor what a user has put a link or a mount on the way to.
/// </summary>
/// <param name="root">What stands before every path; empty for the host itself.</param>
internal sealed class HostFiles(string root)
{
    /// <summary>A state file of runc has 6 to 40 KB, most of it a seccomp profile.</summary>
    public const int MaxState = 4 << 20;

    /// <summary>Of a directory somebody may have made with a million names.</summary>
    private const int MaxNames = 20_000;

    public string Root { get; } = root;

    public string? Text(Place place, int max = MaxState) => Text(place, max, out _);

    /// <summary>A file's text and its owner; null where it is no regular file or cannot be read, or where enough has been read of its user. Of a longer one the beginning.</summary>
    public string? Text(Place place, int max, out uint owner)
    {
        owner = 0;
        if (place.Allowance?.IsSpent == true) return null;
        using SafeFd? file = Open(place, out owner);
        string? text = file is null ? null : BoundedFile.TryRead(file, max);
        place.Allowance?.Take(text?.Length ?? 0);
        return text;
    }

    /// <summary>Opens a regular file to read; null where there is none, or it may not be read.</summary>
    public SafeFd? Open(Place place, out uint owner)
    {
        owner = 0;
        int fd = Open(place, Libc.O_RDONLY | Libc.O_CLOEXEC | Libc.O_NONBLOCK | Libc.O_NOCTTY | Libc.O_NOFOLLOW);
        if (fd < 0) return null;
        var file = new SafeFd(fd);
        if (Libc.fstat(fd, out Libc.FileState state) < 0 || (state.Mode & Libc.S_IFMT) != Libc.S_IFREG)
        {
            file.Dispose();
            return null;
        }

        owner = place.User > 0 ? place.User : state.Uid;
        return file;
    }

    /// <summary>A directory, by which names below it can be watched; minus errno where it cannot be opened.</summary>
    public int OpenDirectory(Place place) => Open(place, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC);

    /// <summary>The names in a directory, sorted, without those that begin with a dot; none where it cannot be read. Of more than <paramref name="most"/> any.</summary>
    public List<string> Names(Place place, int most = MaxNames)
    {
        var names = new List<string>();
        int fd = OpenDirectory(place);
        if (fd < 0) return names;
        using var directory = new SafeFd(fd);
        Span<byte> buffer = stackalloc byte[4096];
        while (names.Count < most && Libc.getdents64(fd, buffer) is > 0 and int filled)
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

    /// <summary>Whose a path is, and who may write there; null where there is nothing.</summary>
    public Libc.FileState? StateOf(string path) => Libc.lstat(Root + path, out Libc.FileState state) < 0 ? null : state;

    public string? Link(string path) => Libc.readlink(Root + path);

    private int Open(Place place, int flags)
    {
        if (place.User == 0) return Libc.open(Root + place.Path, flags);
        int opened = Libc.open(Root + place.Owned, Libc.O_PATH | Libc.O_DIRECTORY | Libc.O_CLOEXEC);
        if (opened < 0) return opened;
        using var owned = new SafeFd(opened);
        return IsOfAUser(owned, place.Allowance) ? -(int)Errno.EACCES : Libc.open_without_links(opened, place.Path[(place.Owned.Length + 1)..], flags);
    }

    /// <summary>Whether a program of a user's answers for what is read there (FUSE). It could keep us waiting for ever, and no signal ends that.</summary>
    private static bool IsOfAUser(SafeFd directory, Allowance? look)
    {
        string? id = Mount.Of(directory);
        if (id is null || id == look?.Mount) return false;
        if (Mount.Line(Host.Local.Files.Text("/proc/self/mountinfo"), id) is not { } mount
            || (mount.Contains(" - fuse", StringComparison.Ordinal) && !mount.AsSpan(mount.LastIndexOf(' ')).Contains(",user_id=0,", StringComparison.Ordinal)))
            return true;
        look?.Mount = id;
        return false;
    }
}
