using Forkpty.Interop;

namespace Forkpty.Targets;

/// <summary>
/// What the program gets of its target's first process: the same namespaces, control groups, limits, root, capabilities, NoNewPrivs, seccomp filters and label. What
/// cannot be matched is an error that names it, and never left out silently; only <see cref="EntryOptions.Privileged"/> goes without.
/// </summary>
internal sealed class EntryPlan
{
    private const int MaxText = 64 * 1024;
    private const int MaxMounts = 4 << 20;
    private const uint TerminalGroup = 5;
    private const uint DefaultUmask = 18; // 022

    /// <summary>What a change of user takes from a personality: an executable stack, known addresses, a page at 0; the kernel's PER_CLEAR_ON_SETID.</summary>
    private const uint ClearedForOthers = 0x0740000;

    /// <summary>The shells that are tried where the user's own is not there.</summary>
    internal static readonly string[] OtherShells = ["/bin/sh", "/bin/bash", "/bin/ash", "/busybox/sh"];

    private readonly TargetProcess _target;

    /// <summary>All but the user and the program, see <see cref="RunAs"/>.</summary>
    /// <exception cref="EntryException">Something of the target cannot be matched.</exception>
    public EntryPlan(TargetProcess target, EntryOptions options)
    {
        _target = target;
        Request = new EntryRequest { ProcessId = target.Target.ProcessId, Inodes = target.Namespaces, Umask = target.Umask, Personality = target.Personality };
        using var self = new SafeFd(KernelException.Check(Libc.open("/proc/self", Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC), "open", "/proc/self"));
        JoinNamespaces(options);
        MatchResources(self, options);
        if (options.Privileged)
            Request.Flags |= EntryRequest.Flag.Anyway;
        else
            MatchPrivileges(self);
    }

    public EntryRequest Request { get; }

    /// <summary>Says who the program is, and which.</summary>
    /// <param name="user">An account of the target.</param>
    /// <param name="options">What was asked for.</param>
    /// <param name="environment">That of the target's first process.</param>
    public void RunAs(EntryUser user, EntryOptions options, byte[]? environment)
    {
        if (_target.Target.IsOfAnother && (Request.Namespaces & Libc.CLONE_NEWUSER) == 0 && user.Uid != _target.Target.Owner)
            throw new EntryException($"{_target.Name} is called {_target.Target.FullName} by user {_target.Target.Owner} alone, and is in no user namespace of its own: only as that user can it be entered; its number, pid:{_target.Target.ProcessId}, means the process itself", "refused");
        (Request.Uid, Request.Gid) = (user.Uid, user.Gid);
        if (!Decides(user))
        {
            Request.Umask = DefaultUmask;
            Request.Personality &= Request.Personality == uint.MaxValue ? uint.MaxValue : ~ClearedForOthers;
        }

        if (!options.Privileged && user.Uid != 0 && _target.UserIds.Inside(_target.Uid) == user.Uid)
            Request.Ambient = _target.Ambient & Request.BoundingSet;
        JoinGroups(user);
        Run(user, options, EntryEnvironment.Of(user, options, HasPath(user) ? EntryEnvironment.PathIn(environment) : null));
    }

    /// <summary>
    /// Gives the terminal, or a pipe, to the user. In another user namespace its owner would be nobody, and the session could not open it again; its group stays the one that
    /// devpts gives (tty), where that exists inside.
    /// </summary>
    public void Own(SafeFd descriptor, EntryUser user)
    {
        if (_target.UserIds.Outside(user.Uid) is not { } owner || Libc.fstat(descriptor.Value, out Libc.FileState state) < 0) return;
        uint group = _target.GroupIds.Inside(state.Gid) is not null ? state.Gid : _target.GroupIds.Outside(TerminalGroup) ?? _target.GroupIds.Outside(user.Gid) ?? state.Gid;
        if (state.Uid != owner || state.Gid != group)
            _ = Libc.fchown(descriptor.Value, owner, group); // without the right to, it is ours already
    }

    private void JoinNamespaces(EntryOptions options)
    {
        ulong[] own = _target.OwnNamespaces;
        for (int i = 0; i < own.Length; i++)
        {
            if (_target.Namespaces[i] != own[i] && (options.Namespaces is null || options.Namespaces.Contains(TargetNamespace.Names[i])))
                Request.Namespaces |= TargetNamespace.Flags[i];
        }

        if (_target.Namespaces[TargetNamespace.User] != own[TargetNamespace.User] && (Request.Namespaces & Libc.CLONE_NEWUSER) == 0 && !options.Privileged)
            throw new EntryException(_target.Name + " is in a user namespace of its own, without which its root would be that of this machine; name user in --namespaces too, or go in so with --privileged", "confinement");
        bool joinsMounts = (Request.Namespaces & Libc.CLONE_NEWNS) != 0;
        bool sharesMounts = _target.Namespaces[TargetNamespace.Mount] == own[TargetNamespace.Mount];
        if (joinsMounts || (sharesMounts && !_target.HasOurRoot))
            Request.Flags |= EntryRequest.Flag.ChangeRoot;
    }

    private void JoinGroups(EntryUser user)
    {
        bool joinsUsers = (Request.Namespaces & Libc.CLONE_NEWUSER) != 0;
        if (joinsUsers && _target.DeniesGroups)
        {
            // Inside they cannot be changed any more: those of the first process are set before, by their numbers out here.
            if (Libc.geteuid() != 0) return;
            Request.Flags |= EntryRequest.Flag.SetGroups | EntryRequest.Flag.GroupsBefore;
            Request.Groups = _target.Groups;
        }
        else if (joinsUsers || !HasGroups(user.Groups))
        {
            Request.Flags |= EntryRequest.Flag.SetGroups;
            Request.Groups = user.Groups;
        }
    }

    private static bool HasGroups(uint[] wanted)
    {
        var groups = new uint[wanted.Length + 1];
        return Libc.getgroups(groups) == wanted.Length && groups.AsSpan(0, wanted.Length).SequenceEqual(wanted);
    }

    private void MatchResources(SafeFd self, EntryOptions options)
    {
        string? own = BoundedFile.TryRead(self, "cgroup", MaxText);
        string? theirs = _target.ControlGroups;
        if (own != theirs || own is null)
        {
            TargetCgroups.Ways groups = TargetCgroups.To(theirs, own, BoundedFile.TryRead(self, "mountinfo", MaxMounts));
            foreach (string file in groups.Files)
                Request.Writes.AddRange([file, "0"]);
            Request.ControlGroup = groups.Unified ?? "";
            if (groups.Unmatched is not null && !options.Privileged)
                throw Unmatched(groups.Unmatched);
        }

        string? score = _target.OutOfMemoryScore;
        if (score is not null && score != BoundedFile.TryRead(self, "oom_score_adj", MaxText)?.Trim())
            Request.Writes.AddRange(["/proc/self/oom_score_adj", score]);

        Libc.rlimit[]? limits = _target.Limits();
        if (limits is null && !options.Privileged)
            throw Unmatched("its resource limits, which cannot be read");
        for (int i = 0; i < Libc.RLIMITS && limits is not null; i++)
        {
            if (Libc.getrlimit(0, i, out Libc.rlimit mine) < 0 || (mine.rlim_cur == limits[i].rlim_cur && mine.rlim_max == limits[i].rlim_max)) continue;
            if (options.Privileged && limits[i].rlim_max > mine.rlim_max) continue;
            Request.Limits[i] = limits[i];
            Request.Limited |= 1u << i;
        }
    }

    private void MatchPrivileges(SafeFd self)
    {
        // A root that gave up capabilities, but not their bound, would get them back by executing anything: what it has now is the bound for us.
        bool isRoot = _target.UserIds.Inside(_target.Uid) == 0;
        Request.BoundingSet = isRoot ? _target.BoundingSet & _target.Permitted : _target.BoundingSet;
        if (_target.NoNewPrivileges)
            Request.Flags |= EntryRequest.Flag.NoNewPrivileges;
        if (_target.Seccomp == 1)
            throw Unmatched("strict seccomp, in which no program can be started");
        if (_target.Seccomp == 2 && !Host.Local.Caller.Has(Caller.SysAdmin) && SeccompFile.Find(Host.Local.Files, _target.Target, _target.Filters) is { } filter)
            Request.Filter = filter;
        else if (_target.Seccomp == 2)
            Request.Flags |= EntryRequest.Flag.CopySeccomp;
        string? own = BoundedFile.TryRead(self, "attr/current", MaxText)?.TrimEnd('\0', '\n');
        Request.Writes.AddRange(TargetLabel.Writes(_target.Label, own, hasOwnFile: Libc.access(TargetLabel.OfAppArmor, 0) >= 0));
    }

    /// <summary>
    /// Whether the first process may decide for a program of this user: what it sets up for itself, as PATH, umask and directory, counts for its own user and, where that is the target's root,
    /// for everybody. Whoever runs as a user can change that user's processes.
    /// </summary>
    private bool Decides(EntryUser user) => _target.UserIds.Inside(_target.Uid) is { } uid && (uid == 0 || uid == user.Uid);

    /// <summary>Whether its PATH decides which programs are found: never where they are looked up among those of this machine.</summary>
    private bool HasPath(EntryUser user) => _target.IsFirst && (Request.Namespaces & Libc.CLONE_NEWNS) != 0 && Decides(user);

    private void Run(EntryUser user, EntryOptions options, Dictionary<string, string> variables)
    {
        foreach ((string name, string value) in variables)
            Request.Variables.Add($"{name}={value}");
        Request.Directory = options.WorkingDirectory ?? (options.Login || !Decides(user) ? user.Home : _target.WorkingDirectory);
        if (options.WorkingDirectory is null)
            Request.Flags |= EntryRequest.Flag.AnyDirectory;
        if (options.WithPipes)
            Request.Flags |= EntryRequest.Flag.Pipes;
        if (options.Toolbox)
        {
            Request.Flags |= EntryRequest.Flag.Toolbox;
            Request.Arguments.Add(options.Login ? "-sh" : "sh");
            if (options.Command.Count > 0)
                Request.Arguments.AddRange(["-c", "exec \"$@\"", "sh", .. options.Command]);
        }
        else if (options.Command.Count > 0)
        {
            Request.Arguments.AddRange(options.Command);
            AddPlaces(options.Command[0], variables["PATH"]);
        }
        else
        {
            string name = user.Shell[(user.Shell.LastIndexOf('/') + 1)..];
            Request.Arguments.Add(options.Login ? $"-{name}" : name);
            Request.Files.Add(user.Shell);
            foreach (string other in OtherShells)
            {
                if (other != user.Shell)
                    Request.Files.Add(other);
            }
        }
    }

    private void AddPlaces(string program, string path)
    {
        if (program.Contains('/', StringComparison.Ordinal))
        {
            Request.Files.Add(program);
            return;
        }

        const int Most = 64;
        foreach (string directory in path.Split(':'))
        {
            if (Request.Files.Count < Most)
                Request.Files.Add(directory.Length == 0 ? program : $"{directory}/{program}");
        }
    }

    private EntryException Unmatched(string what) =>
        new(_target.Name + " has what cannot be matched: " + what + "; --privileged goes in without", "confinement");
}
