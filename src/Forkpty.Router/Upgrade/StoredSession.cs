using Forkpty.Interop;
using Forkpty.Protocol;

namespace Forkpty.Upgrade;

/// <summary>
/// A kept session that has outlived a router which was killed: its terminal and its program were held by a service manager, with what is needed to find the session again.
/// Its history is gone, and its program is nobody's child any more, so how it ends nobody can tell.
/// </summary>
internal sealed record StoredSession(SessionInfo Info, Pty Terminal, Leader Leader)
{
    private const string Prefix = "fpty-session-";
    private const int MostInfo = 16 * 1024;

    /// <summary>The name under which a session's descriptors are held.</summary>
    public static string NameOf(int id) => $"{Prefix}{id}";

    /// <summary>Whether descriptors of this name are those of a session.</summary>
    public static bool IsNameOfOne(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Has a session held.</summary>
    public static void Keep(IDescriptorStore store, SessionInfo info, Pty terminal, Leader leader)
    {
        int file = Libc.memfd_create("fpty-session");
        if (file < 0) return; // it is not held, and is as good as before in everything else
        using var description = new SafeFd(file);
        if (Libc.write(file, info.ToPayload()) > 0)
            store.Add(NameOf(info.Id), [file, terminal.Master.Value, leader.Pidfd.Value]);
    }

    /// <summary>
    /// Takes the descriptors of sessions, each under its session's name. Where one has ended meanwhile all of its are closed, in the store as well: they would stand in the way of the next session
    /// with its number.
    /// </summary>
    public static List<StoredSession> Take(List<string> names, List<int> descriptors, IDescriptorStore? store)
    {
        List<StoredSession> sessions = [];
        for (int first = 0; first < names.Count; first++)
        {
            if (names.IndexOf(names[first]) != first) continue;
            if (TryTake(names, descriptors, names[first]) is { } session)
                sessions.Add(session);
            else
                store?.Remove(names[first]);
        }

        return sessions;
    }

    /// <summary>Takes the descriptors of one session, which may stand in any order.</summary>
    private static StoredSession? TryTake(List<string> names, List<int> descriptors, string name)
    {
        SessionInfo? info = null;
        Pty? terminal = null;
        Leader? leader = null;
        for (int i = 0; i < names.Count; i++)
        {
            if (names[i] != name) continue;
            if (terminal is null && TryAdopt(descriptors[i]) is { } pty)
                terminal = pty;
            else if (leader is null && Leader.OfStranger(descriptors[i]) is { } found)
                leader = found;
            else if (Read(new SafeFd(descriptors[i])) is { } read) // closed, whatever it is
                info ??= read;
        }

        if (info is not null && terminal is not null && leader is not null && leader.Pid == info.Pid)
            return new StoredSession(info, terminal, leader);
        terminal?.Dispose();
        leader?.Dispose();
        return null;
    }

    private static Pty? TryAdopt(int fd)
    {
        try
        {
            return Pty.Adopt(fd);
        }
        catch (KernelException)
        {
            return null;
        }
    }

    private static SessionInfo? Read(SafeFd file)
    {
        using (file)
        {
            byte[] bytes = new byte[MostInfo];
            if (Libc.lseek(file.Value, 0, Libc.SEEK_SET) < 0) return null;
            int count = (int)Math.Max(0, Libc.read(file.Value, bytes));
            return SessionInfo.TryRead(bytes.AsSpan(0, count), out SessionInfo? info) ? info : null;
        }
    }
}
