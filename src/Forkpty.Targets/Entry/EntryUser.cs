namespace Forkpty.Targets;

/// <summary>Who the program is, by the numbers of the target's user namespace.</summary>
internal sealed class EntryUser(uint uid, uint gid, uint[] groups, string name, string home, string shell)
{
    private const string DefaultShell = "/bin/sh";

    public uint Uid { get; } = uid;

    public uint Gid { get; } = gid;

    /// <summary>Those that exist in the target.</summary>
    public uint[] Groups { get; private set; } = groups;

    public string Name { get; } = name;

    public string Home { get; } = home;

    public string Shell { get; } = shell;

    /// <summary>The user that was asked for, or that of the target's first process.</summary>
    /// <exception cref="EntryException">There is no such user, or it does not exist in the target's user namespace.</exception>
    public static EntryUser Of(TargetProcess target, TargetAccounts accounts, string? asked)
    {
        EntryUser user = asked is null ? First(target, accounts) : Asked(accounts, asked);
        if (target.UserIds.Outside(user.Uid) is null || target.GroupIds.Outside(user.Gid) is null)
            throw new EntryException("user " + user.Name + " or its group does not exist in the user namespace of " + target.Name + "; its uid_map and gid_map in /proc list those that do", "no-user");
        user.KeepGroups(target.GroupIds);
        return user;
    }

    private void KeepGroups(IdMap ids)
    {
        int count = 0;
        foreach (uint group in Groups)
        {
            if (ids.Outside(group) is not null)
                Groups[count++] = group;
        }

        Groups = Groups[..count];
    }

    private static EntryUser First(TargetProcess target, TargetAccounts accounts)
    {
        if (target.UserIds.Inside(target.Uid) is not { } uid || target.GroupIds.Inside(target.Gid) is not { } gid)
            throw new EntryException("the user of " + target.Name + " does not exist in its own user namespace; choose one with --user", "no-user");
        uint[] groups = new uint[target.Groups.Length];
        for (int i = 0; i < groups.Length; i++)
            groups[i] = target.GroupIds.Inside(target.Groups[i]) ?? uint.MaxValue;
        return From(uid, gid, groups, accounts.Find(uid));
    }

    private static EntryUser Asked(TargetAccounts accounts, string asked)
    {
        int colon = asked.IndexOf(':', StringComparison.Ordinal);
        string name = colon < 0 ? asked : asked[..colon];
        if (name.Length == 0)
            throw new EntryException("'" + asked + "' names no user; a group follows one after a colon, as in www:www or 1000:1000", "no-user");
        TargetAccounts.Account? account = accounts.Find(name);
        if (account is null && !TargetAccounts.TryId(name, out _))
            throw new EntryException("the target's /etc/passwd has no user " + name + "; give a number to go without", "no-user");
        uint uid = account?.Uid ?? uint.Parse(name, System.Globalization.CultureInfo.InvariantCulture);
        account ??= accounts.Find(uid);
        if (colon >= 0)
        {
            if (accounts.FindGroup(asked[(colon + 1)..]) is not { } group)
                throw new EntryException("the target's /etc/group has no group " + asked[(colon + 1)..] + "; give a number to go without", "no-user");
            return From(uid, group, [group], account);
        }

        uint gid = account?.Gid ?? 0;
        return From(uid, gid, account is null ? [gid] : accounts.GroupsOf(account.Name, gid), account);
    }

    /// <summary>An account that may not log in (nologin, false) gets a plain shell: whoever attaches is somebody else.</summary>
    private static EntryUser From(uint uid, uint gid, uint[] groups, TargetAccounts.Account? account)
    {
        string shell = account?.Shell ?? "";
        string home = account?.Home is ['/', ..] path ? path : uid == 0 ? "/root" : "/";
        return new EntryUser(uid, gid, groups, account?.Name ?? uid.ToString(System.Globalization.CultureInfo.InvariantCulture), home, IsUsable(shell) ? shell : DefaultShell);
    }

    internal static bool IsUsable(string shell) => shell.StartsWith('/') && !shell.EndsWith("/nologin", StringComparison.Ordinal) && !shell.EndsWith("/false", StringComparison.Ordinal);
}
