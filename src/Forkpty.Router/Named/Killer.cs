using Forkpty.Reactor;

namespace Forkpty.Named;

/// <summary>Ends whole trees of processes, one after the other, on a thread of its own from the first one on: it takes milliseconds, too long for the loops that carry keystrokes.</summary>
internal sealed class Killer : IDisposable
{
    private int _started;

    /// <summary>Runs once its thread has been needed.</summary>
    public EventLoop Loop { get; } = new("fpty-kill");

    /// <summary>Ends what an enclosure holds; from any thread.</summary>
    public void Kill(Action enclosure)
    {
        if (Interlocked.Exchange(ref _started, 1) == 0)
            Loop.Start();
        Loop.Post(static enclosure => ((Action)enclosure!)(), enclosure);
    }

    public void Dispose() => Loop.Dispose();
}
