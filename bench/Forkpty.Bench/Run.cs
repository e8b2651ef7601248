namespace Forkpty.Bench;

/// <summary>
/// A run: rounds, in each every figure, for each figure every peer one after the other, so that what the machine does for some seconds
/// (a neighbour, a clock, a cache) meets all of them alike.
/// </summary>
internal sealed class Run(IReadOnlyList<Peer> peers, IReadOnlyList<Figure> figures, Scale scale, int rounds)
{
    // The longest takes about 15 s; a server that hangs is ended, and with it whatever waits for it.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Measurements _measurements = new();

    public Measurements Measure()
    {
        for (int round = 0; round < rounds; round++)
        {
            foreach (Figure figure in figures)
            {
                Peer[] turn = [.. peers.Where(figure.AppliesTo)];
                for (int i = 0; i < turn.Length; i++)
                    Measure(figure, turn[(i + round) % turn.Length], round);
            }
        }
        return _measurements;
    }

    private void Measure(Figure figure, Peer peer, int round)
    {
        Console.Error.Write($"round {round + 1}/{rounds}, load {Machine.Load()}: {figure.Name} {peer.Name}");
        using Timer watchdog = new(_ => Children.EndAll(), null, Patience, Timeout.InfiniteTimeSpan);
        try
        {
            figure.Measure(peer, scale, (metric, value) =>
            {
                _measurements.Record(metric, peer, round, value);
                Console.Error.Write($"; {metric.Title} {Number.Short(value)} {metric.Unit}");
            });
            Console.Error.WriteLine();
        }
        catch (Exception error) when (error is BenchException or IOException)
        {
            Console.Error.WriteLine($"; FAILED: {error.Message}");
            _measurements.Failures.Add($"{figure.Name} of {peer.Name} in round {round + 1} ({error.Message})");
        }
        GC.Collect();
    }
}
