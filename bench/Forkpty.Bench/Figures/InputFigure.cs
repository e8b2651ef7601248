using System.Diagnostics;

namespace Forkpty.Bench;

internal sealed class InputFigure : Figure
{
    private const int LineBytes = 64;
    private const int BlockBytes = 4096;
    private const int QuietMilliseconds = 100;

    private static readonly Metric Alone = new("alone", "MiB/s");
    private static readonly Metric Beside = new("with 1,000 idle sessions", "MiB/s");
    private static readonly Metric Ratio = new("... as a ratio to alone", "", Floor.AtLeast(0.8));

    public override string Name => "input";

    public override string Title => "Input of one session";

    public override string Method =>
        "4 MiB pasted in writes of 4 KiB into `head -c` on a terminal without echo and line mode, until that has read them all.";

    public override IReadOnlyList<Metric> Metrics => [Alone, Beside, Ratio];

    public override bool AppliesTo(Peer peer) => peer is not SocatPeer;

    public override void Measure(Peer peer, Scale scale, Action<Metric, double> record)
    {
        Limits.RaiseOpenFiles(scale.Neighbours * 5);
        using Server server = peer.Start();
        double alone = MibPerSecond(server, scale.PasteBytes);
        record(Alone, alone);
        using HeldSessions held = HeldSessions.Open(server, scale.Neighbours);
        double beside = MibPerSecond(server, scale.PasteBytes);
        record(Beside, beside);
        record(Ratio, beside / alone);
    }

    private static double MibPerSecond(Server server, int bytes)
    {
        using Connection session = server.Open();
        session.Run("stty -icanon -echo", then: $"head -c {bytes} >/dev/null; echo PASTED");
        // uWSGI's router now and then reads a terminal that has nothing to give, and then stands still for all sessions: not while it has output to pass on.
        if (session.IsReadable(QuietMilliseconds))
            throw new BenchException("there was output before the paste");
        Span<byte> block = stackalloc byte[BlockBytes];
        block.Fill((byte)'p');
        for (int end = LineBytes; end <= BlockBytes; end += LineBytes)
            block[end - 1] = (byte)'\n';

        long start = Stopwatch.GetTimestamp();
        for (int sent = 0; sent < bytes; sent += BlockBytes)
            session.Send(block);
        session.ReadUntil("PASTED\r\n");
        return bytes / 1048576.0 / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
