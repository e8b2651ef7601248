namespace Forkpty.Bench;

/// <summary>One thing that is measured, in the same way for each peer, once per round.</summary>
internal abstract class Figure
{
    /// <summary>The word for it on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>The heading of its table.</summary>
    public abstract string Title { get; }

    /// <summary>How it is measured, for the reader of the table.</summary>
    public abstract string Method { get; }

    public abstract IReadOnlyList<Metric> Metrics { get; }

    public virtual bool AppliesTo(Peer peer) => true;

    /// <summary>Measures one peer once and records what its metrics came to.</summary>
    public abstract void Measure(Peer peer, Scale scale, Action<Metric, double> record);
}
