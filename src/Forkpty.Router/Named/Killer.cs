using Forkpty.Reactor;

namespace Forkpty.Named;

/// <summary>Ends whole trees of processes, one after the other, on a thread of its own from the first one on: it takes milliseconds, too long for the loops that carry keystrokes.</summary>
internal sealed class Killer : IDisposable
{
    private readonly EventLoop _loop = new("fpty-kill");
    private int _started;

    public EventLoop Loop => _loop;

    /// <summary>Whether its thread has been needed yet.</summary>
    public bool IsRunning => Volatile.Read(ref _started) != 0;

    /// <summary>Ends what an enclosure holds; from any thread.</summary>
    public void Kill(Action enclosure)
    {
        if (Interlocked.Exchange(ref _started, 1) == 0)
            _loop.Start();
        _loop.Post(static enclosure => ((Action)enclosure!)(), enclosure);
    }

    public void Dispose()
    {
        _loop.Stop();
        _loop.Join();
        _loop.Dispose();
    }
}
