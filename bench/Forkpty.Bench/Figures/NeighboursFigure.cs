namespace Forkpty.Bench;

internal sealed class NeighboursFigure : Figure
{
    private const int OpeningsPerSecond = 500;
    private const int OpenAtOnce = 32;

    private static readonly Metric Alone = new("echo p50, alone", "µs");
    private static readonly Metric AloneTail = new("... p99", "µs");
    private static readonly Metric Opening = new("echo p50 while 500 sessions a second are opened", "µs");
    private static readonly Metric OpeningRatio = new("... as a ratio to alone", "", Floor.AtMost(1.5, ""));
    private static readonly Metric OpeningTail = new("... p99", "µs");
    private static readonly Metric OpeningOutput = new("... output, as a ratio to alone", "");
    private static readonly Metric OpeningInput = new("... input, as a ratio to alone", "");
    private static readonly Metric OpeningRate = new("... sessions opened", "sessions/s");
    private static readonly Metric Idle = new("echo p50 with 1,000 idle sessions", "µs");
    private static readonly Metric IdleRatio = new("... as a ratio to alone", "", Floor.AtMost(1.25, ""));
    private static readonly Metric AloneOutput = new("output, alone", "MiB/s");
    private static readonly Metric IdleOutput = new("output with 1,000 idle sessions, as a ratio to alone", "", Floor.AtLeast(0.8));

    public override string Name => "neighbours";

    public override string Title => "One session among many";

    public override string Method =>
        "Echo (a closed loop) and output as above of one session: alone, then with 1,000 idle sessions held by the same router. On another router: "
        + "echo, output and input of one session, each while others are opened at an even pace, each of which runs /bin/sh, is told to exit, and is closed; "
        + "beside those, output and input alone are of the same router before.";

    public override IReadOnlyList<Metric> Metrics =>
        [Alone, AloneTail, AloneOutput, Idle, IdleRatio, IdleOutput, Opening, OpeningRatio, OpeningTail, OpeningOutput, OpeningInput, OpeningRate];

    // A thousand processes of socat are a test of the machine's scheduler.
    public override bool AppliesTo(Peer peer) => peer is not SocatPeer;

    public override void Measure(Peer peer, Scale scale, Action<Metric, double> record)
    {
        Limits.RaiseOpenFiles(scale.Neighbours * 5);
        TimeSpan time = TimeSpan.FromMilliseconds(scale.TypingMilliseconds);
        double alone = BesideIdleOnes(peer, scale, time, record);

        using Server server = peer.Start();
        using Connection session = server.Open();
        session.BecomeQuiet();
        double output = OutputFigure.MibPerSecond(server, scale.FloodBytes / 4);
        double input = InputFigure.MibPerSecond(server, scale.PasteBytes);
        (Samples opening, double rate) = WhileOpening(server, () => Typist.TypeFor(session, time));
        record(Opening, opening.Microseconds(0.5));
        record(OpeningRatio, opening.Microseconds(0.5) / alone);
        record(OpeningTail, opening.Microseconds(0.99));
        record(OpeningOutput, WhileOpening(server, () => OutputFigure.MibPerSecond(server, scale.FloodBytes / 4)).Result / output);
        record(OpeningInput, WhileOpening(server, () => InputFigure.MibPerSecond(server, scale.PasteBytes)).Result / input);
        record(OpeningRate, rate);
    }

    private static double BesideIdleOnes(Peer peer, Scale scale, TimeSpan time, Action<Metric, double> record)
    {
        double aloneOutput;
        using (Server other = peer.Start())
            aloneOutput = OutputFigure.MibPerSecond(other, scale.FloodBytes / 4);
        record(AloneOutput, aloneOutput);

        using Server server = peer.Start();
        using Connection session = server.Open();
        session.BecomeQuiet();
        Samples alone = Typist.TypeFor(session, time);
        record(Alone, alone.Microseconds(0.5));
        record(AloneTail, alone.Microseconds(0.99));

        using HeldSessions held = HeldSessions.Open(server, scale.Neighbours);
        Samples idle = Typist.TypeFor(session, time);
        record(Idle, idle.Microseconds(0.5));
        record(IdleRatio, idle.Microseconds(0.5) / alone.Microseconds(0.5));
        record(IdleOutput, OutputFigure.MibPerSecond(server, scale.FloodBytes / 4) / aloneOutput);
        return alone.Microseconds(0.5);
    }

    private static (T Result, double Rate) WhileOpening<T>(Server server, Func<T> measure)
    {
        bool over = false;
        double rate = 0;
        Exception? failure = null;
        Thread opener = new(Open) { Name = "opener", IsBackground = true };
        opener.Start();
        T result;
        try
        {
            result = measure();
        }
        finally
        {
            Volatile.Write(ref over, true);
            opener.Join();
        }
        return failure is null ? (result, rate) : throw new BenchException($"opening sessions: {failure.Message}");

        void Open()
        {
            try
            {
                Mill mill = new(server, OpenAtOnce) { FirstLine = "exit\n"u8.ToArray() };
                rate = mill.RunAtPace(OpeningsPerSecond, () => Volatile.Read(ref over));
            }
            catch (Exception error) when (error is BenchException or IOException)
            {
                failure = error;
            }
        }
    }
}
