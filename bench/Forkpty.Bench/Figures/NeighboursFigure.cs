namespace Forkpty.Bench;

internal sealed class NeighboursFigure : Figure
{
    private const int OpeningsPerSecond = 500;
    private const int OpenAtOnce = 32;

    private static readonly Metric Quiet = new("echo p50, alone", "µs");
    private static readonly Metric QuietTail = new("... p99", "µs");
    private static readonly Metric Opening = new("echo p50 while 500 sessions a second are opened", "µs");
    private static readonly Metric OpeningRatio = new("... as a ratio to alone", "", Floor.AtMost(1.5, ""));
    private static readonly Metric OpeningTail = new("... p99", "µs");
    private static readonly Metric OpeningRate = new("... sessions opened", "sessions/s");
    private static readonly Metric Idle = new("echo p50 with 1,000 idle sessions", "µs");
    private static readonly Metric IdleRatio = new("... as a ratio to alone", "", Floor.AtMost(1.25, ""));
    private static readonly Metric QuietOutput = new("output, alone", "MiB/s");
    private static readonly Metric IdleOutput = new("output with 1,000 idle sessions, as a ratio to alone", "");

    public override string Name => "neighbours";

    public override string Title => "One session among many";

    public override string Method =>
        "Echo (a closed loop) and output as above of one session: alone, then while sessions are opened at an even pace (each runs /bin/sh, is told to exit, "
        + "and is closed), then with 1,000 idle sessions held by the same router.";

    public override IReadOnlyList<Metric> Metrics =>
        [Quiet, QuietTail, Opening, OpeningRatio, OpeningTail, OpeningRate, Idle, IdleRatio, QuietOutput, IdleOutput];

    // A thousand processes of socat are a test of the machine's scheduler.
    public override bool AppliesTo(Peer peer) => peer is not SocatPeer;

    public override void Measure(Peer peer, Scale scale, Action<Metric, double> record)
    {
        Limits.RaiseOpenFiles(scale.Neighbours * 5);
        using Server server = peer.Start();
        using Connection typing = server.Open();
        typing.BecomeQuiet();

        Samples alone = Type();
        double quiet = alone.Microseconds(0.5);
        double quietOutput = OutputFigure.MibPerSecond(server, scale.FloodBytes / 4);
        record(Quiet, quiet);
        record(QuietTail, alone.Microseconds(0.99));
        record(QuietOutput, quietOutput);

        (Samples opening, double rate) = TypeWhileOpening();
        record(Opening, opening.Microseconds(0.5));
        record(OpeningRatio, opening.Microseconds(0.5) / quiet);
        record(OpeningTail, opening.Microseconds(0.99));
        record(OpeningRate, rate);

        using HeldSessions held = HeldSessions.Open(server, scale.Neighbours);
        double idle = Type().Microseconds(0.5);
        record(Idle, idle);
        record(IdleRatio, idle / quiet);
        record(IdleOutput, OutputFigure.MibPerSecond(server, scale.FloodBytes / 4) / quietOutput);

        Samples Type() => Typist.TypeFor(typing, TimeSpan.FromMilliseconds(scale.TypingMilliseconds));

        (Samples Echo, double Rate) TypeWhileOpening()
        {
            bool over = false;
            double rate = 0;
            Exception? failure = null;
            Thread opener = new(() =>
            {
                try
                {
                    rate = new Mill(server, OpenAtOnce) { FirstLine = "exit\n"u8.ToArray() }.RunAtPace(OpeningsPerSecond, () => Volatile.Read(ref over));
                }
                catch (Exception error) when (error is BenchException or KernelException)
                {
                    failure = error;
                }
            })
            { Name = "opener", IsBackground = true };
            opener.Start();
            Samples echo;
            try
            {
                echo = Type();
            }
            finally
            {
                Volatile.Write(ref over, true);
                opener.Join();
            }
            return failure is null ? (echo, rate) : throw new BenchException($"opening sessions: {failure.Message}");
        }
    }
}
