namespace Forkpty.Bench;

internal sealed class OpenFigure : Figure
{
    private const int AtOnce = 8;

    // Says nothing, so that nobody sees whether it has run.
    private const string Silent = "/bin/true";

    // Says an empty line, and costs the same otherwise.
    private const string Speaking = "/bin/echo";

    private static readonly Metric OneByOne = new("one after the other", "sessions/s", Floor.RatioAtLeast(1.4));
    private static readonly Metric Parallel = new("8 at a time", "sessions/s");
    private static readonly Metric ParallelThatRan = new("8 at a time of /bin/echo, whose program has run", "sessions/s", Floor.RatioAtLeast(1.4));
    private static readonly Metric Ran = new("of these 8 at a time, share whose program has run", "%");

    public override string Name => "open";

    public override string Title => "Open, run a program, close";

    public override string Method =>
        "Connect, read to the end of the session, close. The router's command is /bin/true, which says nothing; then /bin/echo, which says an empty line, " +
        "so that a session that ends before its program has run is told from one that did its work. Only the latter count.";

    public override IReadOnlyList<Metric> Metrics => [OneByOne, Parallel, ParallelThatRan, Ran];

    public override void Measure(Peer peer, Scale scale, Action<Metric, double> record)
    {
        using (Server server = peer.Start(Silent))
        {
            Mill single = new(server, atOnce: 1);
            single.Run(scale.Sessions / 10);
            record(OneByOne, single.Run(scale.Sessions));
            record(Parallel, new Mill(server, AtOnce).Run(scale.Sessions));
        }

        using (Server server = peer.Start(Speaking))
        {
            Mill parallel = new(server, AtOnce);
            double rate = parallel.Run(scale.Sessions);
            double share = parallel.Spoken / (double)scale.Sessions;
            record(ParallelThatRan, rate * share);
            record(Ran, 100 * share);
        }
    }
}
