namespace Forkpty.Bench;

internal sealed class EchoFigure : Figure
{
    private static readonly Metric RawMedian = new("raw socket, p50", "µs", Floor.RatioAtMost(0.85));
    private static readonly Metric RawTail = new("raw socket, p99", "µs", Floor.RatioAtMost(0.85));
    private static readonly Metric FramedMedian = new("uwsgi mode, p50", "µs");
    private static readonly Metric FramedTail = new("uwsgi mode, p99", "µs");

    public override string Name => "echo";

    public override string Title => "Echo of a keystroke";

    public override string Method =>
        "One byte out, wait for its echo, the next: a closed loop. The kernel's terminal makes the echo, above a program that only waits.";

    public override IReadOnlyList<Metric> Metrics => [RawMedian, RawTail, FramedMedian, FramedTail];

    public override void Measure(Peer peer, Scale scale, Action<Metric, double> record)
    {
        Type(peer, framed: false, scale.Keys, RawMedian, RawTail, record);
        if (peer.SpeaksPackets)
            Type(peer, framed: true, scale.Keys, FramedMedian, FramedTail, record);
    }

    private static void Type(Peer peer, bool framed, int keys, Metric median, Metric tail, Action<Metric, double> record)
    {
        using Server server = peer.Start();
        using Connection session = server.Open(framed);
        session.BecomeQuiet();
        Samples samples = Typist.Type(session, keys);
        record(median, samples.Microseconds(0.5));
        record(tail, samples.Microseconds(0.99));
    }
}
