using System.Text;
using Forkpty.Interop;

namespace Forkpty.Jail;

/// <summary>Which ids exist in a new user namespace; user_namespaces(7). Lines of "inside outside count", separated by commas.</summary>
internal sealed record UserMap(string Uids, string Gids, bool Setgroups)
{
    /// <summary>
    /// Whoever starts us is root inside. Real root may map more: the ids the router is to have keep their numbers, everybody else does not exist
    /// inside. An ordinary user may map nobody but itself, and must give up setgroups(2).
    /// </summary>
    public static UserMap For(Identity? identity)
    {
        uint uid = Libc.geteuid(), gid = Libc.getegid();
        if (uid != 0)
            return new UserMap($"0 {uid} 1", $"0 {gid} 1", Setgroups: false);
        IEnumerable<uint> uids = identity is null ? [] : [identity.Uid];
        IEnumerable<uint> gids = identity is null ? [] : [identity.Gid, .. identity.Groups];
        return new UserMap(Lines(uids, uid), Lines(gids, gid), Setgroups: true);
    }

    /// <summary>Writes the maps of a child that was just born; null, or a sentence that says why not.</summary>
    public string? Apply(int child)
    {
        string directory = $"/proc/{child}/";
        return (Setgroups ? null : Write(directory + "setgroups", "deny"))
            ?? Write(directory + "uid_map", Uids.Replace(',', '\n'))
            ?? Write(directory + "gid_map", Gids.Replace(',', '\n'));
    }

    private static string Lines(IEnumerable<uint> ids, uint root)
    {
        var lines = new List<string> { $"0 {root} 1" };
        foreach (uint id in ids.Distinct())
        {
            if (id != 0)
                lines.Add($"{id} {id} 1");
        }
        return string.Join(',', lines);
    }

    private static string? Write(string path, string text)
    {
        int fd = Libc.open(path, Libc.O_WRONLY | Libc.O_CLOEXEC);
        nint result = fd < 0 ? fd : Libc.write(fd, Encoding.UTF8.GetBytes(text));
        if (fd >= 0)
            _ = Libc.close(fd);
        return result >= 0 ? null : $"unshare = user: writing \"{text.Replace('\n', ',')}\" to {path}: {KernelException.Describe((int)result)}";
    }
}
