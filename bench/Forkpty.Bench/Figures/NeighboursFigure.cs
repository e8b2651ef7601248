namespace Forkpty.Bench;

internal sealed class NeighboursFigure : Figure
{
    private const int RestMilliseconds = 1;
    private const int OpeningsPerSecond = 500;
    private const int OpenAtOnce = 32;

    private static readonly Metric Quiet = new("echo p50, alone", "µs");
    private static readonly Metric Opening = new("echo p50 while 500 sessions a second are opened", "µs");
    private static readonly Metric OpeningRatio = new("... as a ratio to alone", "");
    private static readonly Metric OpeningRate = new("... sessions opened", "sessions/s");
    private static readonly Metric Idle = new("echo p50 with 1,000 idle sessions", "µs");
    private static readonly Metric IdleRatio = new("... as a ratio to alone", "", Floor.AtMost(1.25, ""));
    private static readonly Metric QuietOutput = new("output, alone", "MiB/s");
    private static readonly Metric IdleOutput = new("output with 1,000 idle sessions, as a ratio to alone", "");
    private static readonly Metric QuietInput = new("input, alone", "MiB/s");
    private static readonly Metric IdleInput = new("input with 1,000 idle sessions, as a ratio to alone", "");

    public override string Name => "neighbours";

    public override string Title => "One session among many";

    public override string Method =>
        "Echo with a key each 1 ms, output as above, and input (lines pasted into `head -c`, echo off), of one session: alone, then while sessions are opened "
        + "at an even pace (each runs /bin/sh, is told to exit, and is closed), then with 1,000 idle sessions held by the same router.";

    public override IReadOnlyList<Metric> Metrics =>
        [Quiet, Opening, OpeningRatio, OpeningRate, Idle, IdleRatio, QuietOutput, IdleOutput, QuietInput, IdleInput];

    // A thousand processes of socat are a test of the machine's scheduler.
    public override bool AppliesTo(Peer peer) => peer is not SocatPeer;

    public override void Measure(Peer peer, Scale scale, Action<Metric, double> record)
    {
        Limits.RaiseOpenFiles(scale.Neighbours * 5);
        using Server server = peer.Start();
        using Connection typing = server.Open();
        typing.BecomeQuiet();

        double quiet = Echo();
        double quietOutput = OutputFigure.MibPerSecond(server, scale.FloodBytes / 4);
        double quietInput = Paste.MibPerSecond(server, scale.FloodBytes / 32);
        record(Quiet, quiet);
        record(QuietOutput, quietOutput);
        record(QuietInput, quietInput);

        (double opening, double rate) = EchoWhileOpening();
        record(Opening, opening);
        record(OpeningRatio, opening / quiet);
        record(OpeningRate, rate);

        Connection[] held = new Connection[scale.Neighbours];
        try
        {
            IdleFigure.OpenAll(server, held);
            double idle = Echo();
            record(Idle, idle);
            record(IdleRatio, idle / quiet);
            record(IdleOutput, OutputFigure.MibPerSecond(server, scale.FloodBytes / 4) / quietOutput);
            record(IdleInput, Paste.MibPerSecond(server, scale.FloodBytes / 32) / quietInput);
        }
        finally
        {
            foreach (Connection? session in held)
                session?.Dispose();
        }

        double Echo() => Typist.Type(typing, scale.UnhurriedKeys, RestMilliseconds).Microseconds(0.5);

        (double Echo, double Rate) EchoWhileOpening()
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
            double echo;
            try
            {
                echo = Echo();
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
