using Forkpty.Reactor;

namespace Forkpty;

/// <summary>
/// An event loop and the sessions that live on it. All sessions begin on the interactive lane; one that floods moves to a bulk lane, which has a thread of its own, and
/// comes back when it is quiet: so nobody's keystroke waits behind somebody else's flood.
/// </summary>
internal sealed class Lane(string name, bool isBulk)
{
    public EventLoop Loop { get; } = new(name);

    public bool IsBulk { get; } = isBulk;

    public HashSet<ILaneResident> Sessions { get; } = [];

    public RouterCounters Counters { get; } = new();

    /// <summary>Whether what arrives here has to end at once.</summary>
    public bool IsStopping { get; set; }
}
