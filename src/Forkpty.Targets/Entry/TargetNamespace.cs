using Forkpty.Interop;

namespace Forkpty.Targets;

/// <summary>The namespaces of a process, in the order in which enter.c has them; namespaces(7).</summary>
internal static class TargetNamespace
{
    public const int User = 0;
    public const int Mount = 1;
    public const int Process = 2;

    /// <summary>Their names in /proc/PID/ns, and the flags of setns(2).</summary>
    public static readonly string[] Names = ["user", "mnt", "pid", "uts", "ipc", "net", "cgroup", "time"];

    public static readonly int[] Flags =
    [
        Libc.CLONE_NEWUSER, Libc.CLONE_NEWNS, Libc.CLONE_NEWPID, Libc.CLONE_NEWUTS, Libc.CLONE_NEWIPC, Libc.CLONE_NEWNET, Libc.CLONE_NEWCGROUP, Libc.CLONE_NEWTIME,
    ];

    /// <summary>The inodes of a process's namespaces, 0 for those that the kernel does not have.</summary>
    /// <param name="process">/proc/PID, open.</param>
    public static ulong[] Of(SafeFd process) => Array.ConvertAll(Names, name => Inode(Libc.readlinkat(process.Value, $"ns/{name}")) ?? 0);

    /// <summary>Those that we are in.</summary>
    /// <exception cref="KernelException">/proc is not there.</exception>
    public static ulong[] OfOurs()
    {
        using var self = new SafeFd(KernelException.Check(Libc.open("/proc/self", Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC), "open", "/proc/self"));
        return Of(self);
    }

    /// <summary>Who has made the user namespace of a process; null where that cannot be told.</summary>
    /// <param name="process">/proc/PID, open.</param>
    public static uint? MakerOfUsers(SafeFd process) => MakerOfUsersBehind(Libc.openat(process.Value, "ns/user", Libc.O_RDONLY | Libc.O_CLOEXEC));

    /// <summary>The same, by the path of its ns/user.</summary>
    public static uint? MakerOfUsers(string users) => MakerOfUsersBehind(Libc.open(users, Libc.O_RDONLY | Libc.O_CLOEXEC));

    /// <summary>The inode of the pid namespace that a process is in; null where that cannot be read.</summary>
    public static ulong? OfProcesses(int pid) => Inode(Libc.readlink($"/proc/{pid}/ns/pid"));

    /// <summary>Of the namespace behind a descriptor, which this closes, or behind the errno of an open that failed.</summary>
    private static uint? MakerOfUsersBehind(int fd)
    {
        if (fd < 0) return null;
        using var users = new SafeFd(fd);
        return Libc.ioctl_NS_GET_OWNER_UID(fd, out uint maker) >= 0 ? maker : null;
    }

    /// <summary>Of "mnt:[4026531841]".</summary>
    private static ulong? Inode(string? link) =>
        link?.IndexOf('[', StringComparison.Ordinal) is > 0 and int open && ulong.TryParse(link.AsSpan(open + 1).TrimEnd(']'), out ulong inode) ? inode : null;
}
