namespace Forkpty.Jail;

/// <summary>All that is asked of the jail, in the order in which it is applied. The words are uWSGI's.</summary>
internal sealed record JailOptions
{
    /// <summary>The file creation mask (<c>umask</c>), or null to keep ours.</summary>
    public uint? Umask { get; init; }

    /// <summary><c>max-fd</c>: how many descriptors the router may have, or null for as many as the hard limit lets it.</summary>
    public ulong? MaxFd { get; init; }

    /// <summary><c>env = NAME=VALUE</c>: additions to the environment of the hooks and of the router.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>The name under which the router appears in ps (<c>procname</c>), or null for its own.</summary>
    public string? ProcessName { get; init; }

    /// <summary>Commands on the host, before anything changes.</summary>
    public IReadOnlyList<Hook> ExecPreJail { get; init; } = [];

    /// <summary>What is not shared with the host.</summary>
    public Namespaces Unshare { get; init; }

    /// <summary>Commands in the new namespaces, before <see cref="Chroot"/>. As in uWSGI they run only where something is unshared.</summary>
    public IReadOnlyList<Hook> ExecPostJail { get; init; } = [];

    /// <summary>The directory that becomes the root, or null.</summary>
    public string? Chroot { get; init; }

    /// <summary>Commands with root's rights, inside, in order. One that fails ends the start.</summary>
    public IReadOnlyList<Hook> ExecAsRoot { get; init; } = [];

    /// <summary>The user, a name or a number (<c>uid</c>), or null to stay who we are.</summary>
    public string? User { get; init; }

    /// <summary>The group, a name or a number (<c>gid</c>), or null for the user's own.</summary>
    public string? Group { get; init; }

    /// <summary><c>add-gid</c>: the supplementary groups, instead of those the user is a member of.</summary>
    public IReadOnlyList<string> AddGroups { get; init; } = [];

    /// <summary><c>no-initgroups</c>: no supplementary groups but those of <see cref="AddGroups"/>.</summary>
    public bool NoInitGroups { get; init; }

    /// <summary>Commands as the user, last.</summary>
    public IReadOnlyList<Hook> ExecAsUser { get; init; } = [];

    /// <summary>The directory the router and its sessions start in, as seen inside, or null.</summary>
    public string? Chdir { get; init; }

    /// <summary>True where somebody else than the caller is to run: a user, a group, or groups are given.</summary>
    public bool ChangesIdentity => User is not null || Group is not null || AddGroups.Count > 0;

    /// <summary>True where nothing is asked for.</summary>
    public bool IsEmpty =>
        Umask is null && MaxFd is null && Unshare == Namespaces.None && Chroot is null && Chdir is null && ProcessName is null && !ChangesIdentity
        && Environment.Count + ExecPreJail.Count + ExecPostJail.Count + ExecAsRoot.Count + ExecAsUser.Count == 0;
}
