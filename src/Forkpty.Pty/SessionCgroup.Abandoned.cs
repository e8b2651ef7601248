using Forkpty.Interop;

namespace Forkpty;

/// <content>What becomes of a group whose process was killed before it could end it.</content>
internal sealed partial class SessionCgroup
{
    /// <summary>The mark: rwx-----T, with the sticky bit, which no umask gives to a new directory.</summary>
    private const uint Held = 0x3C0;
    private const uint AllMayLook = 0x1ED; // rwxr-xr-x
    private const uint Left = 0x3ED; // rwxr-xr-t: let go, and nobody's but of those who are in it
    private const int AllBits = 0xFFF;

    // Routers in two pid namespaces, or one after the other, may have the same process id.
    private static readonly int Nonce = Random.Shared.Next();

    /// <summary>
    /// The groups of sessions beside which this process would make its own, whose process was killed: each is to be ended, and disposed of. One that somebody holds is none of them, whatever his
    /// process is called and in whatever namespace its number counts; nor is one that was let go.
    /// </summary>
    public static List<SessionCgroup> Abandoned() =>
        OfSessions(static fd => Has(fd, Held) && Libc.flock(fd, Libc.LOCK_EX | Libc.LOCK_NB) == 0 && Has(fd, Held)); // before the lock, so that it is not taken from somebody who is about to hold the group

    /// <summary>The groups there that were let go, whose process cannot remove them any more: each is to be removed once it is empty.</summary>
    public static List<SessionCgroup> LetGoes() => OfSessions(static fd => Has(fd, Left));

    /// <summary>The name of the group of a session, its own among all routers.</summary>
    public static string NameOf(int session) => $"fpty-{Libc.getpid()}-{Nonce:x8}-{session}";

    /// <summary>Those in it go on for themselves, whatever becomes of this process.</summary>
    public void LetGo() => _ = Libc.fchmod(_directory.Value, Left);

    private static List<SessionCgroup> OfSessions(Predicate<int> wanted)
    {
        List<SessionCgroup> groups = [];
        using SafeFd? own = OwnCgroup.TryOpen(out string? path, out _);
        if (own is null) return groups;
        foreach (string name in Directories(own))
        {
            int fd = IsOfASession(name) ? Libc.openat(own.Value, name, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_NOFOLLOW | Libc.O_CLOEXEC) : -1;
            if (fd < 0) continue;
            var directory = new SafeFd(fd);
            if (wanted(fd))
                groups.Add(new SessionCgroup(directory, name, $"{path!.TrimEnd('/')}/{name}"));
            else
                directory.Dispose();
        }

        return groups;
    }

    private static bool IsOfASession(string name) =>
        name.Split('-') is ["fpty", var pid, { Length: 8 } nonce, var session] && uint.TryParse(pid, out _) && nonce.All(char.IsAsciiHexDigitLower) && uint.TryParse(session, out _);

    private static bool Has(int directory, uint mode) => Libc.fstat(directory, out Libc.FileState state) == 0 && (state.Mode & AllBits) == mode && state.Uid == Libc.geteuid();

    /// <summary>
    /// Has the group end with this process, at the latest when the next one begins. The lock is as old as the descriptor: it goes through an exec with it, and away with the last of this process.
    /// The mode comes after it, so nobody takes the group between the two, and with it nobody else can hold the lock.
    /// </summary>
    private void Hold()
    {
        if (Libc.flock(_directory.Value, Libc.LOCK_EX | Libc.LOCK_NB) == 0)
            _ = Libc.fchmod(_directory.Value, Held);
    }
}
