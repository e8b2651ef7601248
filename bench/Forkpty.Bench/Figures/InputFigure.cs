using System.Diagnostics;

namespace Forkpty.Bench;

internal sealed class InputFigure : Figure
{
    private const int LineBytes = 64;
    private const int BlockBytes = 4096;

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
        double alone = MibPerSecond(peer, idle: 0, scale.PasteBytes);
        double beside = MibPerSecond(peer, scale.Neighbours, scale.PasteBytes);
        record(Alone, alone);
        record(Beside, beside);
        record(Ratio, beside / alone);
    }

    private static double MibPerSecond(Peer peer, int idle, int bytes)
    {
        using Server server = peer.Start();
        using HeldSessions held = HeldSessions.Open(server, idle);
        return MibPerSecond(server, bytes);
    }

    public static double MibPerSecond(Server server, int bytes)
    {
        using Connection session = server.Open();
        session.Run("stty -icanon -echo", then: $"head -c {bytes} >/dev/null; echo PASTED");
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
