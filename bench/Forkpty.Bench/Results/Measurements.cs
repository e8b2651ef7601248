namespace Forkpty.Bench;

/// <summary>All numbers of a run: by metric, peer and round.</summary>
internal sealed class Measurements
{
    private readonly Dictionary<(Metric Metric, string Peer, int Round), double> _values = [];

    /// <summary>What a figure could not measure, as a person reads it.</summary>
    public List<string> Failures { get; } = [];

    public void Record(Metric metric, Peer peer, int round, double value) => _values[(metric, peer.Name, round)] = value;

    public Spread? Of(Metric metric, string peer) =>
        Spread.Of(_values.Where(entry => entry.Key.Metric == metric && entry.Key.Peer == peer).Select(entry => entry.Value));

    /// <summary>The ratios of one peer to another, each inside one round: what the machine did in that round, it did to both.</summary>
    public Spread? Ratio(Metric metric, string peer, string to) => Spread.Of(
        from entry in _values
        where entry.Key.Metric == metric && entry.Key.Peer == peer && _values.ContainsKey((metric, to, entry.Key.Round))
        select entry.Value / _values[(metric, to, entry.Key.Round)]);
}
