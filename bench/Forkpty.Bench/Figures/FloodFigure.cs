namespace Forkpty.Bench;

internal sealed class FloodFigure : Figure
{
    private const int Floods = 16;
    private const int RestMilliseconds = 1;

    private static readonly Metric Median = new("echo, p50", "µs", Floor.RatioAtMost(0.2));
    private static readonly Metric Tail = new("echo, p99", "µs");
    private static readonly Metric Total = new("output of the 16 together", "MiB/s", Floor.RatioAtLeast(1.0));

    public override string Name => "flood";

    public override string Title => "Echo of a keystroke while 16 other sessions flood";

    public override string Method =>
        "16 sessions run `yes` with lines of 80 columns; one thread with one epoll reads them as fast as they come. "
        + "A 17th session types a key each 1 ms and waits for its echo. The output is counted over the time of the typing.";

    public override IReadOnlyList<Metric> Metrics => [Median, Tail, Total];

    public override void Measure(Peer peer, Scale scale, Action<Metric, double> record)
    {
        using Server server = peer.Start();
        using Connection typing = server.Open();
        typing.BecomeQuiet();
        List<Connection> floods = [];
        try
        {
            for (int i = 0; i < Floods; i++)
                floods.Add(Flood.Open(server));
            using Drain drain = new(floods);
            Typist.Type(typing, scale.UnhurriedKeys / 5, RestMilliseconds);
            Drain.Flow flow = drain.Measure();
            Samples samples = Typist.Type(typing, scale.UnhurriedKeys, RestMilliseconds);
            record(Total, flow.MibPerSecond());
            record(Median, samples.Microseconds(0.5));
            record(Tail, samples.Microseconds(0.99));
        }
        finally
        {
            floods.ForEach(flood => flood.Dispose());
        }
    }
}
