using System.Globalization;
using System.Text;

namespace Forkpty.Interop;

/// <summary>
/// The users and groups of /etc/passwd and /etc/group, read directly: a static binary has no NSS, and a lookup through it would load libraries
/// of a root file system that is not ours. Users of LDAP and the like are given by number.
/// </summary>
internal sealed class Accounts
{
    /// <summary>8 MiB, about 100,000 lines: more is no such file.</summary>
    private const int MaxBytes = 8 << 20;

    private readonly List<User> _users = [];
    private readonly List<Group> _groups = [];

    /// <summary>Reads both files below a root directory; one that is missing counts as empty.</summary>
    /// <exception cref="IOException">A file is there and cannot be read, is no regular file or is too large: a sentence that says which.</exception>
    public static Accounts Read(string root = "")
    {
        Accounts accounts = ReadUsers(root);
        foreach (string[] field in Lines(root + "/etc/group", 4))
        {
            if (Number(field[2]) is uint gid)
                accounts._groups.Add(new Group(field[0], gid, field[3].Split(',', StringSplitOptions.RemoveEmptyEntries)));
        }
        return accounts;
    }

    /// <summary>As <see cref="Read"/>, without the groups.</summary>
    /// <exception cref="IOException">As for <see cref="Read"/>.</exception>
    public static Accounts ReadUsers(string root = "")
    {
        var accounts = new Accounts();
        foreach (string[] field in Lines(root + "/etc/passwd", 7))
        {
            if (Number(field[2]) is uint uid && Number(field[3]) is uint gid)
                accounts._users.Add(new User(field[0], uid, gid, field[5], field[6].Length > 0 ? field[6] : "/bin/sh"));
        }
        return accounts;
    }

    /// <summary>The user of a name or of a number, or null.</summary>
    public User? FindUser(string nameOrNumber) =>
        _users.Find(u => u.Name == nameOrNumber) ?? (Number(nameOrNumber) is uint uid ? FindUser(uid) : null);

    /// <summary>The first user with this number, or null.</summary>
    public User? FindUser(uint uid) => _users.Find(u => u.Uid == uid);

    /// <summary>The group of a name or of a number, or null.</summary>
    public Group? FindGroup(string nameOrNumber) =>
        _groups.Find(g => g.Name == nameOrNumber) ?? (Number(nameOrNumber) is uint gid ? _groups.Find(g => g.Gid == gid) : null);

    /// <summary>The groups that list a user as a member.</summary>
    public IEnumerable<uint> GroupsOf(string user)
    {
        foreach (Group group in _groups)
        {
            if (group.Members.Contains(user))
                yield return group.Gid;
        }
    }

    /// <summary>An id, or null where the text is none. 4294967295 is none: to the kernel it means "unchanged".</summary>
    public static uint? Number(string text) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint id) && id != Libc.unchanged_id ? id : null;

    private static IEnumerable<string[]> Lines(string path, int fields)
    {
        foreach (string line in ReadText(path).Split('\n'))
        {
            string[] parts = line.Split(':');
            if (parts.Length >= fields && parts[0].Length > 0 && parts[0][0] != '#')
                yield return parts;
        }
    }

    private static string ReadText(string path)
    {
        // Non-blocking: in a root file system of somebody else this may be a FIFO.
        int opened = Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC | Libc.O_NONBLOCK | Libc.O_NOCTTY);
        if (opened is -(int)Errno.ENOENT or -(int)Errno.ENOTDIR)
            return "";
        if (opened < 0)
            throw new IOException($"cannot read the users and groups: open on {path}: {KernelException.Describe(opened)}");
        using var file = new SafeFd(opened);
        if (Libc.fstat(file.Value, out Libc.FileState state) < 0 || (state.Mode & Libc.S_IFMT) != Libc.S_IFREG)
            throw new IOException($"cannot read the users and groups: {path} is no regular file");

        using var text = new MemoryStream();
        byte[] buffer = new byte[64 * 1024];
        nint count;
        while ((count = Libc.read(file.Value, buffer)) > 0)
        {
            text.Write(buffer, 0, (int)count);
            if (text.Length > MaxBytes)
                throw new IOException($"cannot read the users and groups: {path} is larger than {MaxBytes >> 20} MiB");
        }
        if (count < 0)
            throw new IOException($"cannot read the users and groups: read on {path}: {KernelException.Describe((int)count)}");
        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }
}
