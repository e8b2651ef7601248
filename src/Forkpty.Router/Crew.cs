namespace Forkpty;

/// <summary>
/// Does work that may wait for the kernel without end, off the loops: one thing after the other, in the order in which it was asked for. Where one takes longer than it may, as on a dead network file
/// system, another thread goes on with the next beside it, up to a bound.
/// </summary>
/// <remarks>
/// One thread always stands by, begun beforehand: so where none can be made (RLIMIT_NPROC, pids.max), one thing that hangs still holds up nothing.
/// An exception that escapes what is to be done is a broken invariant and stops the process, as in a loop.
/// </remarks>
/// <param name="name">Of its threads, at most 15 characters.</param>
/// <param name="most">How many things may be under way at once.</param>
/// <param name="patience">Milliseconds that each has before the next is begun beside it.</param>
/// <param name="gather">
/// After work, a thread sleeps this many milliseconds before it takes more, so that a burst costs one wake and not one each: for work that is short and that nobody waits for.
/// </param>
internal sealed class Crew(string name, int most, int patience, int gather = 0) : IWorker
{
    private const int StackSize = 256 * 1024;

    private readonly object _gate = new(); // guards all below; pulsed when one of them may go on
    private readonly Queue<(Action Work, Action? Refuse)> _waiting = [];
    private readonly List<(long Number, long Begun)> _underWay = []; // the oldest first
    private long _asked; // for how many things: the number of the last one
    private int _threads;
    private int _idle;
    private int _watching; // of those: the clock of what is under way
    private bool _gathers; // one of those looks by itself, in a moment
    private int _callers; // that wait for what is done
    private bool _ends;

    private static long Now => Environment.TickCount64;

    /// <summary>The number of the oldest thing that is not done.</summary>
    private long Oldest => _underWay.Count > 0 ? _underWay[0].Number : _asked - _waiting.Count + 1;

    /// <summary>Starts its threads: one that works, and one that stands by.</summary>
    /// <exception cref="OutOfMemoryException">No thread can be made.</exception>
    public void Run()
    {
        StartThread();
        StartThread();
    }

    /// <summary>Has something done; from any thread.</summary>
    /// <param name="work">What.</param>
    /// <param name="refuse">Done in its place when all slots are taken and each has outrun its patience; null: it waits for a slot.</param>
    public void Do(Action work, Action? refuse = null)
    {
        lock (_gate)
        {
            _asked++;
            _waiting.Enqueue((work, refuse));
            WakeForWork();
        }
    }

    /// <inheritdoc/>
    public bool TryFinish(int milliseconds)
    {
        lock (_gate)
        {
            long last = _asked;
            if (_gathers)
                Monitor.PulseAll(_gate);
            return TryWait(() => Oldest > last, Now + milliseconds);
        }
    }

    /// <summary>Ends the threads once all is done that was asked for, and waits for that. One that waits for the kernel is left to itself.</summary>
    /// <param name="until">How long it waits: a time of <see cref="Environment.TickCount64"/>.</param>
    /// <returns>Whether all have ended.</returns>
    public bool TryEnd(long until)
    {
        lock (_gate)
        {
            _ends = true;
            Monitor.PulseAll(_gate);
            return TryWait(() => _threads == 0, until);
        }
    }

    private void StartThread()
    {
        lock (_gate)
            _threads++;
        try
        {
            new Thread(Live, StackSize) { Name = name, IsBackground = true }.Start();
        }
        catch
        {
            lock (_gate)
                _threads--;
            throw;
        }
    }

    private void Live()
    {
        try
        {
            long done = 0;
            while (Take(done) is { } next)
            {
                if (next.IsLast) StandBy();
                next.Work();
                done = next.Number;
            }
        }
        catch (Exception broken)
        {
            Environment.FailFast($"fpty: the crew {name} is broken: {broken}", broken);
        }
    }

    /// <summary>Nobody is left to go on where this one hangs.</summary>
    private void StandBy()
    {
        try
        {
            StartThread();
        }
        catch (OutOfMemoryException)
        {
            // No thread is left: what comes waits for those that are there.
        }
    }

    /// <summary>Says what is done, and waits for what is next.</summary>
    /// <returns>The next job, and whether taking it leaves no thread idle; null where this thread is not needed any more.</returns>
    private (Action Work, long Number, bool IsLast)? Take(long done)
    {
        lock (_gate)
        {
            _ = _underWay.RemoveAll(each => each.Number == done);
            if (_callers > 0)
                Monitor.PulseAll(_gate);
            _idle++;
            if (gather > 0 && done > 0 && _waiting.Count == 0 && !_gathers && !_ends)
            {
                _gathers = true;
                _ = Monitor.Wait(_gate, gather);
                _gathers = false;
            }

            for (int pause; (pause = Pause()) != 0;)
            {
                if (_waiting.Count == 0 && (_ends || _idle > 2))
                {
                    _idle--;
                    _threads--;
                    Monitor.PulseAll(_gate);
                    return null;
                }

                _watching += pause > 0 ? 1 : 0;
                _ = Monitor.Wait(_gate, pause);
                _watching -= pause > 0 ? 1 : 0;
            }

            _idle--;
            (Action work, Action? refuse) = _waiting.Dequeue();
            if (_underWay.Count >= most)
                work = refuse!;
            long number = _asked - _waiting.Count;
            _underWay.Add((number, Now));
            WakeForWork();
            return (work, number, IsLast: _idle == 0 && _threads <= most);
        }
    }

    /// <summary>Milliseconds until the next thing may be begun; for ever where there is none, or it has to wait for one that is under way.</summary>
    private int Pause()
    {
        if (_waiting.Count == 0) return Timeout.Infinite;
        if (_underWay.Count == 0) return 0;
        if (_underWay.Count >= most && _waiting.Peek().Refuse is null) return Timeout.Infinite;
        return (int)Math.Max(0, _underWay[^1].Begun + patience - Now);
    }

    /// <summary>No wake is needed when a busy thread will take the job and another one watches the clock, or when a gathering thread is about to look.</summary>
    private void WakeForWork()
    {
        if (_waiting.Count == 0 || _gathers || (_underWay.Count > 0 && _watching > 0)) return;
        if (_callers > 0)
            Monitor.PulseAll(_gate);
        else
            Monitor.Pulse(_gate);
    }

    private bool TryWait(Func<bool> holds, long until)
    {
        _callers++;
        while (!holds() && until - Now is > 0 and long left)
            _ = Monitor.Wait(_gate, (int)left);
        _callers--;
        return holds();
    }
}
