using System.Globalization;
using Forkpty.Interop;

namespace Forkpty.Jail;

/// <summary>Who the router is to be: user, group and all supplementary groups, as numbers.</summary>
internal sealed record Identity(uint Uid, uint Gid, IReadOnlyList<uint> Groups)
{
    /// <summary>
    /// Resolves the names of the options. As in uWSGI the groups a user is a member of come along, unless <c>add-gid</c> names others or
    /// <c>no-initgroups</c> wants none; the groups of whoever started us never do. A user without <c>gid</c> gets the group of its own (uWSGI leaves root's).
    /// </summary>
    /// <param name="options">What is asked for.</param>
    /// <param name="inside">The accounts of the jail's root: these are the names people inside see.</param>
    /// <param name="outside">The accounts of the host, for a root that has no such files.</param>
    /// <exception cref="JailException">A name is unknown.</exception>
    public static Identity Resolve(JailOptions options, Accounts inside, Accounts outside)
    {
        User? user = null;
        uint uid = Libc.geteuid();
        if (options.User is { } userName)
        {
            user = inside.FindUser(userName) ?? outside.FindUser(userName);
            uid = user?.Uid ?? Accounts.Number(userName) ?? throw new JailException(
                $"uid = {userName}: there is no such user in /etc/passwd; create it (useradd {userName}) or give a number");
        }

        uint gid = options.Group is { } groupName ? FindGroup("gid", groupName)
            : options.User is null ? Libc.getegid()
            : user?.Gid ?? throw new JailException($"uid = {options.User}: /etc/passwd does not list it, so its group is unknown; add gid = GROUP");

        var groups = new List<uint>();
        if (options.AddGroups.Count > 0)
        {
            foreach (string name in options.AddGroups)
                groups.Add(FindGroup("add-gid", name));
        }
        else if (!options.NoInitGroups && user is not null)
        {
            groups.Add(gid);
            groups.AddRange((inside.FindUser(user.Name) is null ? outside : inside).GroupsOf(user.Name));
        }
        return new Identity(uid, gid, [.. groups.Distinct().Take(Libc.NGROUPS_MAX)]);

        uint FindGroup(string option, string name) =>
            (inside.FindGroup(name) ?? outside.FindGroup(name))?.Gid ?? Accounts.Number(name)
            ?? throw new JailException($"{option} = {name}: there is no such group in /etc/group; create it (groupadd {name}) or give a number");
    }

    /// <summary>
    /// Becomes this identity, in every thread, and makes sure that there is no way back. The order is the only one that works: who has given up
    /// being root cannot change groups any more.
    /// </summary>
    /// <exception cref="JailException">The kernel refuses, or root can be had back.</exception>
    public void Assume()
    {
        bool isCurrent = IsCurrent();
        uint[] ours = OurGroups(), others = Array.FindAll(ours, group => !Groups.Contains(group));
        if (isCurrent && others.Length == 0)
            return; // some of its own may be missing, as after a change of /etc/group
        int dropped = DropGroups();
        if (isCurrent && dropped == -(int)Errno.EPERM)
        {
            throw new JailException(
                $"uid {Uid}, gid {Gid}: you are in other groups too ({string.Join(' ', others)}), which only root can give up; "
                + $"leave uid, gid and add-gid out, or give an add-gid for each of yours: {string.Join(' ', ours)}");
        }
        Check(dropped, "setgroups", $"[{string.Join(' ', Groups)}]");
        Check(Libc.setresgid(Gid, Gid, Gid), "setresgid", Text(Gid));
        _ = Libc.clear_ambient_capabilities();
        Check(Libc.setresuid(Uid, Uid, Uid), "setresuid", Text(Uid));
        Prove();
    }

    /// <summary>Asks the kernel, instead of believing that the calls above did what they say.</summary>
    private void Prove()
    {
        bool same = Libc.getresuid(out uint uid, out uint euid, out uint suid) == 0 && (uid, euid, suid) == (Uid, Uid, Uid)
            && Libc.getresgid(out uint gid, out uint egid, out uint sgid) == 0 && (gid, egid, sgid) == (Gid, Gid, Gid);
        // With a capability left over the kernel would let us back, whatever the ids say.
        bool back = (Uid != 0 && Libc.setresuid(Libc.unchanged_id, 0, Libc.unchanged_id) == 0)
            || (Uid != 0 && Gid != 0 && Libc.setresgid(Libc.unchanged_id, 0, Libc.unchanged_id) == 0);
        if (!same || back)
            throw new JailException($"after the change to uid {Uid}, gid {Gid} root can still be had back; refusing to serve");
    }

    /// <summary>True where this is who we are already, but for groups: then no right is needed, as an unprivileged start with its own name has none.</summary>
    private bool IsCurrent() =>
        Uid != 0
        && Libc.getresuid(out uint uid, out uint euid, out uint suid) == 0 && (uid, euid, suid) == (Uid, Uid, Uid)
        && Libc.getresgid(out uint gid, out uint egid, out uint sgid) == 0 && (gid, egid, sgid) == (Gid, Gid, Gid);

    /// <summary>The groups that we are in beside <see cref="Gid"/>.</summary>
    private uint[] OurGroups()
    {
        uint[] groups = new uint[Libc.NGROUPS_MAX];
        int count = Libc.getgroups(groups);
        Check(count, "getgroups", "this process");
        return Array.FindAll(groups[..count], group => group != Gid);
    }

    private int DropGroups()
    {
        int result = Libc.setgroups([.. Groups]);
        // In a user namespace that an ordinary user made the kernel has switched setgroups off for ever (user_namespaces(7)): the groups
        // of that user stay, and none of them is worth more inside.
        return result == -(int)Errno.EPERM && Groups.All(g => g == Gid) && SetgroupsIsDenied() ? 0 : result;
    }

    private static bool SetgroupsIsDenied()
    {
        int opened = Libc.open("/proc/self/setgroups", Libc.O_RDONLY | Libc.O_CLOEXEC);
        if (opened < 0)
            return false;
        using var file = new SafeFd(opened);
        Span<byte> word = stackalloc byte[4];
        return Libc.read(file.Value, word) == 4 && word.SequenceEqual("deny"u8);
    }

    private void Check(int result, string call, string target)
    {
        if (result >= 0)
            return;
        string reason = (Errno)(-result) switch
        {
            Errno.EPERM => "only root can become another user; start fpty as root, or leave uid, gid and add-gid out",
            Errno.EINVAL => "the user namespace has no such id; only root can map further ids, so start fpty as root or leave uid, gid and add-gid out",
            _ => "fpty does not run with rights it was told to drop",
        };
        throw new JailException($"uid {Uid}, gid {Gid}: {call} on {target}: {KernelException.Describe(result)}: {reason}");
    }

    private static string Text(uint id) => id.ToString(CultureInfo.InvariantCulture);
}
