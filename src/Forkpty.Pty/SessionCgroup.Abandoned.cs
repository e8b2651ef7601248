using Forkpty.Interop;

namespace Forkpty;

/// <content>What becomes of a group whose process was killed before it could end it.</content>
internal sealed partial class SessionCgroup
{
    /// <summary>The mark: rwx-----T, with the sticky bit, which no umask gives to a new directory.</summary>
    private const uint Held = 0x3C0;
    private const uint AllMayLook = 0x1ED; // rwxr-xr-x
    private const int AllBits = 0xFFF;

    /// <summary>
    /// The groups of sessions beside which this process would make its own, whose process was killed: each is to be ended, and disposed of. One that somebody holds is none of them, whatever his
    /// process is called and in whatever namespace its number counts; nor is one that was let go.
    /// </summary>
    public static List<SessionCgroup> Abandoned()
    {
        List<SessionCgroup> groups = [];
        using SafeFd? own = OwnCgroup.TryOpen(out string? path, out _);
        if (own is null) return groups;
        foreach (string name in Directories(own))
        {
            if (IsOfASession(name) && TryTake(own, name) is { } directory)
                groups.Add(new SessionCgroup(directory, name, $"{path!.TrimEnd('/')}/{name}"));
        }

        return groups;
    }

    /// <summary>The name of the group of a session, its own among all routers of one pid namespace.</summary>
    public static string NameOf(int session) => $"fpty-{Libc.getpid()}-{session}";

    private static bool IsOfASession(string name)
    {
        string[] parts = name.Split('-');
        return parts is ["fpty", var pid, var session] && uint.TryParse(pid, out _) && uint.TryParse(session, out _);
    }

    private static SafeFd? TryTake(SafeFd own, string name)
    {
        int fd = Libc.openat(own.Value, name, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_NOFOLLOW | Libc.O_CLOEXEC);
        if (fd < 0) return null;
        var directory = new SafeFd(fd);

        // Before the lock, so that it is not taken from somebody who is about to hold the group; and with it, for who has let it go meanwhile.
        if (IsHeld(fd) && Libc.flock(fd, Libc.LOCK_EX | Libc.LOCK_NB) == 0 && IsHeld(fd))
            return directory;
        directory.Dispose();
        return null;
    }

    private static bool IsHeld(int directory) => Libc.fstat(directory, out Libc.FileState state) == 0 && (state.Mode & AllBits) == Held && state.Uid == Libc.geteuid();

    /// <summary>
    /// Has the group end with this process, at the latest when the next one begins. The lock is as old as the descriptor: it goes through an exec with it, and away with the last of this process.
    /// The mode comes after it, so nobody takes the group between the two, and with it nobody else can hold the lock.
    /// </summary>
    private void Hold()
    {
        if (Libc.flock(_directory.Value, Libc.LOCK_EX | Libc.LOCK_NB) == 0)
            _ = Libc.fchmod(_directory.Value, Held);
    }

    /// <summary>Those in it go on for themselves.</summary>
    private void LetGo() => _ = Libc.fchmod(_directory.Value, AllMayLook);
}
