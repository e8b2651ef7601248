using Forkpty.Reactor;

namespace Forkpty.Upgrade;

/// <summary>
/// Every lane of a router stands between two turns, nothing is under way from one to another, and no program is being started or killed: whoever holds this may look at
/// everything. Disposing it lets all go on as if nothing had been.
/// </summary>
internal sealed class Standstill : IDisposable
{
    /// <summary>How long a lane may take for its turn, and a worker for what it was asked for: a program on a dead network file system takes for ever to start.</summary>
    private const int Patience = 2_000; // milliseconds

    /// <summary>The same while nobody stands yet: of a thousand programs that wait for their start the last one has its turn after a second or two.</summary>
    private const int FirstPatience = 10_000;

    private readonly List<Guard> _guards = [];

    private Standstill()
    {
    }

    /// <summary>Brings all to a stand; on a thread that is none of theirs.</summary>
    /// <param name="lanes">The lanes' loops, the first of which alone makes others.</param>
    /// <param name="workers">Who works for lanes and answers them by mail. They are not held: nothing that they do without being asked is part of the state.</param>
    /// <exception cref="TimeoutException">A worker or a lane is at something for seconds; then all go on.</exception>
    public static Standstill Of(Func<EventLoop[]> lanes, IWorker[] workers)
    {
        Finish(workers, FirstPatience); // most of it before anybody has to wait
        var standstill = new Standstill();
        try
        {
            do
            {
                standstill.Hold(lanes());
                Finish(workers, Patience);
            }
            while (standstill.DeliverMail() | lanes().Length > standstill._guards.Count);
            return standstill;
        }
        catch
        {
            standstill.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (Guard guard in _guards)
            guard.Leave();
    }

    private void Hold(EventLoop[] lanes)
    {
        foreach (EventLoop lane in lanes)
        {
            if (!_guards.Exists(guard => guard.Loop == lane))
                _guards.Add(new Guard(lane));
        }
    }

    /// <summary>Waits until the workers have done all that they were asked to.</summary>
    private static void Finish(IWorker[] workers, int patience)
    {
        if (!Array.TrueForAll(workers, worker => worker.TryFinish(patience)))
            throw new TimeoutException($"programs are being started or ended, or terminals hung up, for more than {patience / 1000} seconds; try again");
    }

    /// <returns>Whether there was any.</returns>
    private bool DeliverMail()
    {
        bool any = false;
        foreach (Guard guard in _guards)
        {
            if (!guard.Loop.HasMail) continue;
            any = true;
            guard.DeliverMail();
        }

        return any;
    }

    /// <summary>Holds one loop, in the delivery of its mail.</summary>
    /// <remarks>Nobody asks the semaphores for a wait handle, so they have nothing to dispose of.</remarks>
#pragma warning disable CA1001
    private sealed class Guard
#pragma warning restore CA1001
    {
        private readonly SemaphoreSlim _stands = new(0);
        private readonly SemaphoreSlim _word = new(0);
        private bool _leaves;

        public Guard(EventLoop loop)
        {
            Loop = loop;
            loop.Post(static self => ((Guard)self!).Stand(), this);
            if (_stands.Wait(Patience)) return;
            Leave(); // when it comes to that
            throw new TimeoutException($"the loop {loop.Name} is at something for more than {Patience / 1000} seconds; try again");
        }

        public EventLoop Loop { get; }

        public void DeliverMail()
        {
            _word.Release();
            _stands.Wait();
        }

        public void Leave()
        {
            _leaves = true;
            _word.Release();
        }

        private void Stand()
        {
            while (true)
            {
                _stands.Release();
                _word.Wait();
                if (_leaves) return;
                Loop.EmptyMailbox();
            }
        }
    }
}
