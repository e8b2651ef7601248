namespace Forkpty.Bench;

internal sealed class OpenFigure : Figure
{
    private const int AtOnce = 8;

    private static readonly Metric OneByOne = new("one after the other", "sessions/s", Floor.RatioAtLeast(1.4));
    private static readonly Metric Parallel = new("8 at a time", "sessions/s", Floor.RatioAtLeast(1.4));

    public override string Name => "open";

    public override string Title => "Open, run /bin/true, close";

    public override string Method => "Connect, read to the end of the session, close. The router's command is /bin/true.";

    public override IReadOnlyList<Metric> Metrics => [OneByOne, Parallel];

    public override void Measure(Peer peer, Scale scale, Action<Metric, double> record)
    {
        using Server server = peer.Start("/bin/true");
        Mill single = new(server, atOnce: 1);
        single.Run(scale.Sessions / 10);
        record(OneByOne, single.Run(scale.Sessions));
        record(Parallel, new Mill(server, AtOnce).Run(scale.Sessions));
    }
}
