using System.Globalization;
using System.Text;
using Forkpty.Interop;

namespace Forkpty.Targets;

/// <summary>
/// The target's first process, held by a pidfd and its directory in /proc, so that all that is read is of this one and no successor; and how it is confined.
/// Nothing here looks at its memory or files: both could make us wait for ever.
/// </summary>
internal sealed class TargetProcess : IDisposable
{
    private const int MaxText = 64 * 1024;
    private const int MaxStatus = 4 << 20; // a process may be in 65,536 groups

    private bool _hasMemory;
    private uint[] _uids = [];
    private uint[] _gids = [];

    private TargetProcess(Target target, SafeFd pidfd, SafeFd directory, SafeFd root)
    {
        (Target, Pidfd, Place, Root) = (target, pidfd, directory, root);
        ReadStatus(Read("status", MaxStatus));
        Namespaces = TargetNamespace.Of(directory);
        OwnNamespaces = TargetNamespace.OfOurs();
        bool isInOurs = Namespaces[TargetNamespace.User] == OwnNamespaces[TargetNamespace.User];
        UserIds = new IdMap(Read("uid_map"), isInOurs);
        GroupIds = new IdMap(Read("gid_map"), isInOurs);
        RootPath = Libc.readlinkat(directory.Value, "root") ?? "/";
    }

    public Target Target { get; }

    /// <summary>What sentences call it.</summary>
    public string Name => NameOf(Target.ProcessId);

    public SafeFd Pidfd { get; }

    /// <summary>Its directory in /proc.</summary>
    public SafeFd Place { get; }

    /// <summary>Whether it has ended by now, reaped or not: what could not be read or done of it may be for that.</summary>
    public bool HasEnded => Libc.poll(Pidfd.Value, Libc.POLLIN, 0) > 0;

    /// <summary>Its root directory, as a place and not as an open directory (O_PATH).</summary>
    public SafeFd Root { get; }

    /// <summary>Its root directory in its mount namespace; / where it is chrooted to what is nowhere in there, as to another namespace's or a mount that is gone.</summary>
    public string RootPath { get; }

    /// <summary>Whether its root directory is ours, on the very same mount. A path does not tell; what cannot be told is no.</summary>
    public bool HasOurRoot
    {
        get
        {
            using var ours = new SafeFd(Libc.open("/", Libc.O_PATH | Libc.O_DIRECTORY | Libc.O_CLOEXEC));
            return !ours.IsInvalid && Libc.fstat_unasked(ours.Value, out Libc.FileState own) >= 0 && Libc.fstat_unasked(Root.Value, out Libc.FileState theirs) >= 0
                && (own.Device, own.Inode, own.Mount) == (theirs.Device, theirs.Inode, theirs.Mount);
        }
    }

    public ulong[] Namespaces { get; }

    /// <summary>Those of this process.</summary>
    public ulong[] OwnNamespaces { get; }

    public IdMap UserIds { get; }

    public IdMap GroupIds { get; }

    /// <summary>Its effective ids, as we number them.</summary>
    public uint Uid { get; private set; }

    public uint Gid { get; private set; }

    public uint[] Groups { get; private set; } = [];

    public ulong BoundingSet { get; private set; } = ulong.MaxValue;

    public ulong Permitted { get; private set; } = ulong.MaxValue;

    /// <summary>What it keeps over an execve without being root.</summary>
    public ulong Ambient { get; private set; }

    public bool NoNewPrivileges { get; private set; }

    /// <summary>0: none, 1: strict, 2: filters; seccomp(2).</summary>
    public int Seccomp { get; private set; }

    /// <summary>How many filters are on it; 0 too where the kernel does not tell (before 5.9).</summary>
    public int Filters { get; private set; }

    /// <summary>Whether it is the first process of its pid namespace: no program that takes on another user when it is started.</summary>
    public bool IsFirst { get; private set; }

    public uint Umask { get; private set; } = 18; // 022

    /// <summary>Its control groups, one for each hierarchy: lines of "number:controllers:path".</summary>
    public string? ControlGroups => Read("cgroup");

    /// <summary>Its label of AppArmor or SELinux; null where there is none.</summary>
    public string? Label => Read("attr/current")?.TrimEnd('\0', '\n') is { Length: > 0 } label ? label : null;

    public string? OutOfMemoryScore => Read("oom_score_adj")?.Trim();

    /// <summary>Of which kind of system it is told that it runs on; personality(2). 0xffffffff where that cannot be read.</summary>
    public uint Personality => uint.TryParse(Read("personality"), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out uint bits) ? bits : uint.MaxValue;

    /// <summary>Whether its user namespace has given up setgroups(2).</summary>
    public bool DeniesGroups => Read("setgroups")?.StartsWith("deny", StringComparison.Ordinal) == true;

    /// <summary>Its working directory, as a path inside.</summary>
    public string WorkingDirectory
    {
        get
        {
            string path = Libc.readlinkat(Place.Value, "cwd") ?? "/";
            string root = RootPath.TrimEnd('/');
            return !path.StartsWith(root, StringComparison.Ordinal) ? "/" : path[root.Length..] is ['/', ..] inside ? inside : "/";
        }
    }

    /// <exception cref="EntryException">It has ended, it is another by now, or it may not be looked at.</exception>
    public static TargetProcess Open(Target target)
    {
        string name = NameOf(target.ProcessId);
        int pidfd = target.ProcessId > 0 ? Libc.pidfd_open(target.ProcessId) : -(int)Errno.ESRCH;
        if (pidfd < 0)
            throw new EntryException("there is no " + name, "gone", -pidfd);
        var held = new SafeFd(pidfd);
        SafeFd? directory = null;
        try
        {
            directory = Directory(target.ProcessId);
            if (TryState(directory, out ProcessStat state) && target.StartTime != state.Start)
                throw new EntryException(name + " is another than the one that was found: the target has ended, and its number was given away again", "gone");
            if (!state.IsAlive || state.Pid == 0 || Libc.pidfd_send_signal(pidfd, 0) == -(int)Errno.ESRCH)
                throw Ended(name);

            // Before all that is read of it: it is confined from its execve on.
            if (HostProcesses.IsBeingMade(BoundedFile.TryRead(directory, "comm", MaxText)?.TrimEnd('\n') ?? "", Libc.readlinkat(directory.Value, "exe")))
                throw new EntryException("its container is made but not started yet, and what will confine it is not on it; start it first", "not-started");
            int root = Libc.openat(directory.Value, "root", Libc.O_PATH | Libc.O_DIRECTORY | Libc.O_CLOEXEC);
            if (root == -(int)Errno.ENOENT)
                throw new EntryException("the first thread of " + name + " has ended while others go on, and with it what it could be entered by", "gone");
            if (root < 0)
                throw new EntryException("the root directory of " + name + " cannot be reached: " + KernelException.Describe(root) + "; attaching takes the right to trace it, so try as root or as its user", "permission", -root);
            TargetProcess process = new(target, held, directory, new SafeFd(root));
            if (process._hasMemory && process.IsOfItsOwner()) return process;
            process.Root.Dispose();
            if (process.HasEnded) throw Ended(name);
            throw process._hasMemory
                ? new EntryException(name + " is not of user " + target.Owner.ToString(CultureInfo.InvariantCulture) + ", who calls it " + target.FullName + ", or not any more; nothing was started", "refused")
                : new EntryException(name + " is a thread of the kernel, which is nowhere to be entered", "refused");
        }
        catch
        {
            held.Dispose();
            directory?.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Its limits, by the numbers of getrlimit(2); null where they cannot be read. The file has a heading and a line for each, with a name of 25 characters and two columns
    /// of 20; it asks for no privilege, as prlimit(2) does.
    /// </summary>
    public Libc.rlimit[]? Limits()
    {
        ReadOnlySpan<char> text = Read("limits");
        Span<Range> lines = stackalloc Range[Libc.RLIMITS + 2]; // a heading before them, and what comes behind
        if (text.Split(lines, '\n') <= Libc.RLIMITS) return null;
        var limits = new Libc.rlimit[Libc.RLIMITS];
        for (int i = 0; i < limits.Length; i++)
        {
            ReadOnlySpan<char> line = text[lines[i + 1]];
            if (line.Length < 66) return null;
            limits[i] = new Libc.rlimit { rlim_cur = Number(line.Slice(26, 20)), rlim_max = Number(line.Slice(47, 20)) };
        }

        return limits;

        static ulong Number(ReadOnlySpan<char> text) => ulong.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) ? number : ulong.MaxValue;
    }

    public void Dispose()
    {
        Pidfd.Dispose();
        Place.Dispose();
        Root.Dispose();
    }

    /// <summary>Says that a process has ended.</summary>
    public static EntryException Ended(string name) => new(name + " has ended", "gone");

    private static string NameOf(int pid) => "process " + pid.ToString(CultureInfo.InvariantCulture);

    private static SafeFd Directory(int pid) => new(Libc.open("/proc/" + pid.ToString(CultureInfo.InvariantCulture), Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC));

    private static bool TryState(SafeFd directory, out ProcessStat state)
    {
        state = default;
        return !directory.IsInvalid && BoundedFile.TryRead(directory, "stat", MaxText) is { } stat && ProcessStat.TryParse(Encoding.UTF8.GetBytes(stat), out state);
    }

    /// <summary>
    /// Asked of what is held, for the user who gives a process its name could have had it execute su(1) since it was found, or a program that has a group from its file. From here on only what was read counts.
    /// </summary>
    private bool IsOfItsOwner() =>
        !Target.IsOfAnother || (Are(_uids, Target.Owner) && Are(_gids, Gid)) || TargetNamespace.MakerOfUsers(Place) == Target.Owner;

    private static bool Are(uint[] ids, uint id) => ids.Length > 0 && !ids.AsSpan().ContainsAnyExcept(id);

    private string? Read(string name, int max = MaxText) => BoundedFile.TryRead(Place, name, max);

    private void ReadStatus(ReadOnlySpan<char> status)
    {
        // By the one mark that the kernel lets no name have: others, as a carriage return, could make lines of their own.
        foreach (Range at in status.Split('\n'))
        {
            ReadOnlySpan<char> line = status[at];
            int colon = line.IndexOf(':');
            if (colon < 0) continue;
            ReadOnlySpan<char> value = line[(colon + 1)..].Trim();
            switch (line[..colon])
            {
                case "Uid": _uids = Ids(value); Uid = Id(value, 1); break;
                case "Gid": _gids = Ids(value); Gid = Id(value, 1); break;
                case "Groups": Groups = Ids(value); break;
                case "VmSize": _hasMemory = true; break;
                case "CapPrm": Permitted = Hex(value); break;
                case "CapBnd": BoundingSet = Hex(value); break;
                case "CapAmb": Ambient = Hex(value); break;
                case "NoNewPrivs": NoNewPrivileges = value is not "0"; break;
                case "Seccomp": Seccomp = (int)Hex(value); break;
                case "Seccomp_filters": Filters = (int)Id(value, 0); break;
                case "NSpid": IsFirst = Ids(value) is [.., 1]; break;
                case "Umask": Umask = Octal(value); break;
            }
        }
    }

    private static uint Id(ReadOnlySpan<char> value, int index) => Ids(value) is var ids && index < ids.Length ? ids[index] : uint.MaxValue;

    private static uint[] Ids(ReadOnlySpan<char> value)
    {
        List<uint> ids = [];
        foreach (Range word in value.SplitAny(' ', '\t'))
        {
            if (uint.TryParse(value[word], NumberStyles.None, CultureInfo.InvariantCulture, out uint id))
                ids.Add(id);
        }

        return [.. ids];
    }

    private static ulong Hex(ReadOnlySpan<char> value) => ulong.TryParse(value, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong bits) ? bits : 0;

    private static uint Octal(ReadOnlySpan<char> value)
    {
        uint bits = 0;
        foreach (char digit in value)
            bits = (bits << 3) | (uint)(digit & 7);
        return bits;
    }
}
