using System.Diagnostics;
using Forkpty.Interop;

namespace Forkpty;

/// <summary>
/// All processes of a session: those that have the leader's session, whoever their parent is by now, and their descendants in sessions of their own as far as
/// parentage leads to them. One that has left the session and lost its parent is not found: <see cref="SessionCgroup"/> holds that one too.
/// </summary>
internal sealed class ProcessTree
{
    /// <summary>How often all processes are looked at, in all: three looks are the least.</summary>
    private const int MaxLooks = 200;

    private const int MaxHeld = 500;

    private readonly Leader _leader;
    private readonly ProcessTable _table;
    private readonly Dictionary<int, (ProcessStat Stat, SafeFd Pidfd)> _held = [];
    private readonly long _begin = Stopwatch.GetTimestamp();
    private readonly int _patience;
    private readonly int _maxHeld;
    private int _looks;
    private bool _missed;

    private ProcessTree(Leader leader, ProcessTable table, int patience, int maxHeld)
    {
        _leader = leader;
        _table = table;
        _patience = patience;
        _maxHeld = maxHeld;
    }

    private int TimeLeft => _patience - (int)Stopwatch.GetElapsedTime(_begin).TotalMilliseconds;

    private bool MayLook => _looks < MaxLooks && TimeLeft > 0;

    /// <summary>
    /// Ends every process of the leader's session with SIGKILL, and waits until they have ended. Takes some milliseconds: keep it off a thread that
    /// carries keystrokes. The leader is not reaped; best it is not until this returns, for then nobody else can have the session's number.
    /// </summary>
    /// <param name="leader">Who leads the session. Once it is reaped, only what can be proven to be in its session is ended.</param>
    /// <param name="patience">For how many milliseconds it goes on where processes do not end, or more and more come.</param>
    /// <param name="maxHeld">How many descriptors are used at once. A bigger tree is ended in parts, and descendants in sessions of their own may be missed.</param>
    /// <returns>
    /// False where something may be left: time was up, this user may not kill a process, no descriptor was left, or /proc is not there. What could be ended was,
    /// the leader at least.
    /// </returns>
    public static bool Kill(Leader leader, int patience = 2000, int maxHeld = MaxHeld)
    {
        if (leader.Pid <= 1 || leader.Pid == Libc.getsid(0))
            return false;
        try
        {
            using ProcessTable? table = ProcessTable.TryOpen();
            if (table is not null && new ProcessTree(leader, table, patience, maxHeld).Kill())
                return true;
        }
        catch (KernelException)
        {
            // No descriptor is left to look with.
        }

        _ = leader.Signal(Libc.SIGKILL);
        return false;
    }

    private bool Kill()
    {
        // A child that is born while its parent is killed is found by the next look: it has the session. Two empty looks in a row are needed: one that is born during a look usually has a
        // higher pid and is met later in it, but behind the highest pid they begin anew.
        for (int empty = 0; MayLook;)
        {
            bool complete = Hold();
            if (_held.Count == 0 && complete)
            {
                if (++empty == 2)
                    return true;
                continue;
            }

            empty = 0;
            if (!EndHeld())
                break;
        }

        return false;
    }

    /// <summary>
    /// Stops whoever belongs to the session and holds it by a pidfd, until a look finds no more: a process that is stopped does not fork, and as nobody ends,
    /// nobody loses its parent. False where not everybody could be held.
    /// </summary>
    private bool Hold()
    {
        try
        {
            int before;
            do
            {
                before = _held.Count;
                _looks++;
                Look();
            }
            while ((_held.Count > before || _missed) && _held.Count < _maxHeld && MayLook);
            return _held.Count == before && !_missed;
        }
        catch (KernelException)
        {
            return false; // no descriptor is left; those that are held will be free again
        }
    }

    private void Look()
    {
        _missed = false;
        List<ProcessStat> others = [];
        foreach (ProcessStat process in _table.All())
        {
            if (!process.IsAlive || process.Pid == 1 || process.Pid == Environment.ProcessId || IsHeld(process))
                continue;

            // At once: one that forks and ends, and its child again, is gone by the time everybody has been looked at.
            if (process.Session == _leader.Pid && process.Start <= _leader.ReapedAt)
                Stop(process);
            else
                others.Add(process);
        }

        // Descendants of those above, and theirs. The parent is still the one that is held, so it was when the child named it.
        while (others.RemoveAll(process => IsHeldParent(process) && Stop(process)) > 0)
        {
        }
    }

    private bool IsHeld(ProcessStat process) => _held.TryGetValue(process.Pid, out var held) && held.Stat.IsSame(process);

    private bool IsHeldParent(ProcessStat process) =>
        _held.ContainsKey(process.Parent) && _table.Find(process.Parent) is { } parent && IsHeld(parent);

    /// <summary>Holds a process and stops it. One that cannot be held was missed: it may have left a child in its place, so there must be another look.</summary>
    private bool Stop(ProcessStat process)
    {
        bool held = _held.Count < _maxHeld && TryStop(process);
        _missed |= !held;
        return held;
    }

    private bool TryStop(ProcessStat process)
    {
        int fd = Libc.pidfd_open(process.Pid);
        if (fd < 0)
            return (Errno)(-fd) is Errno.ESRCH or Errno.EINVAL ? false : throw new KernelException("pidfd_open", $"process {process.Pid}", fd);
        SafeFd? pidfd = new(fd);
        try
        {
            // The number was this process's before the descriptor was opened, and is after it: so the descriptor is.
            if (_table.Find(process.Pid) is not { } now || !now.IsSame(process))
                return false;
            _ = Libc.pidfd_send_signal(fd, Libc.SIGSTOP);
            if (_held.Remove(process.Pid, out var former))
                former.Pidfd.Dispose(); // it has ended, and its number is another's
            _held[process.Pid] = (process, pidfd);
            pidfd = null;
            return true;
        }
        finally
        {
            pidfd?.Dispose();
        }
    }

    /// <summary>Ends those that are held. False where one may not be, or does not end in time.</summary>
    private bool EndHeld()
    {
        // Children first, and the leader last. A parent's end orphans process groups, and the kernel continues what is stopped there: by then it is dead.
        bool all = true;
        List<SafeFd> signalled = [];
        foreach (int pid in ChildrenFirst())
        {
            SafeFd pidfd = _held[pid].Pidfd;
            if (Libc.pidfd_send_signal(pidfd.Value, Libc.SIGKILL) is 0 or -(int)Errno.ESRCH)
                signalled.Add(pidfd);
            else
                all = false;
        }

        foreach (SafeFd pidfd in signalled)
            all &= HasEnded(pidfd);
        foreach ((_, SafeFd pidfd) in _held.Values)
            pidfd.Dispose();
        _held.Clear();
        return all;
    }

    private List<int> ChildrenFirst()
    {
        // By the number of ancestors that are held: a child has one more than its parent, and the leader has none.
        List<int> order = [.. _held.Keys];
        order.Sort((one, other) => Depth(other).CompareTo(Depth(one)));
        return order;
    }

    private int Depth(int pid)
    {
        if (pid == _leader.Pid) return -1;
        int depth = 0;
        while (depth < _held.Count && _held.TryGetValue(pid, out var held) && held.Stat.Parent != pid)
        {
            pid = held.Stat.Parent;
            depth++;
        }

        return depth;
    }

    private bool HasEnded(SafeFd pidfd)
    {
        while (Libc.poll(pidfd.Value, Libc.POLLIN, Math.Max(TimeLeft, 0)) == 0)
        {
            if (TimeLeft <= 0) return false;
        }

        return true;
    }
}
