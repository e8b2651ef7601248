using Forkpty.Interop;
using Forkpty.Reactor;
using Forkpty.Upgrade;

namespace Forkpty.Named;

/// <summary>
/// A program whose whole tree has to end with its session: every process that it has started. A control group of its own holds them where one can be made; without one, a process that
/// has left the session and lost its parent may live on.
/// </summary>
internal sealed class Enclosure
{
    private readonly Killer _killer;
    private readonly Leader _leader;
    private readonly SessionCgroup? _group;

    /// <summary>To be made right after the start: what the program forks before is found by its parentage only. The kernel may take 20 ms for it, too long for the loops that carry keystrokes.</summary>
    /// <param name="killer">Who ends it.</param>
    /// <param name="session">The session's number.</param>
    /// <param name="leader">The program, which is not reaped meanwhile.</param>
    /// <param name="isInside">Whether the program has a control group of somebody else's, which it must not leave: then its own is below that.</param>
    public static Enclosure Around(Killer killer, int session, Leader leader, bool isInside)
    {
        SessionCgroup? group = null;
        if (!leader.IsStranger) // else nobody says whose number that is when it is written into the group
            group = SessionCgroup.TryCreate(SessionCgroup.NameOf(session), out _, isInside ? leader.Pid : null);
        _ = group?.Enter(leader.Pid);
        return new Enclosure(killer, leader, group);
    }

    /// <summary>Without a group, for a program that nobody meant to kill when it was started: its session and its descendants, as they are when they are killed.</summary>
    public static Enclosure Of(Killer killer, Leader leader) => new(killer, leader, null);

    private Enclosure(Killer killer, Leader leader, SessionCgroup? group)
    {
        _killer = killer;
        _leader = leader;
        _group = group;
    }

    /// <summary>In the order in which <see cref="Resume"/> reads; null: there is none.</summary>
    public static void Save(Enclosure? enclosure, StateWriter state)
    {
        state.Flag(enclosure is not null);
        if (enclosure is null) return;
        state.Text(enclosure._group?.Name);
        state.Text(enclosure._group?.Path);
        state.Descriptor(enclosure._group?.Directory);
    }

    /// <summary>The enclosure that another executable has left.</summary>
    public static Enclosure? Resume(Killer killer, Leader? leader, StateReader state)
    {
        if (!state.Flag()) return null;
        string? name = state.Text();
        string? path = state.Text();
        SafeFd directory = state.Descriptor();
        return leader is null ? null : new Enclosure(killer, leader, name is null || directory.IsClosed ? null : SessionCgroup.Adopt(directory, name, path!));
    }

    /// <summary>Whether <see cref="Kill"/> goes on. The leader must not be reaped meanwhile: that keeps its number from being used again.</summary>
    public bool IsBusy { get; private set; }

    /// <summary>Ends every process. It takes milliseconds, so another thread does it; <paramref name="then"/> is called on the loop.</summary>
    public void Kill(EventLoop home, Action then)
    {
        IsBusy = true;
        _killer.Kill(() =>
        {
            ProcessTree.Kill(_leader); // first: it finds by parentage, also what was forked before the leader was in the group
            _group?.Kill();
            _group?.Dispose();
            home.Post(_ =>
            {
                IsBusy = false;
                then();
            });
        });
    }

    /// <summary>The program has ended by itself: whatever becomes of this process, what that has left behind is not ended by the next one.</summary>
    public void LetGo() => _group?.LetGo();

    /// <summary>The session is over. What it has left behind goes on, and the group with it until that has ended.</summary>
    public void Release()
    {
        if (IsBusy || _group is not { Directory.IsClosed: false }) return;
        LetGo();
        _killer.RemoveWhenEmpty(_group);
    }
}
