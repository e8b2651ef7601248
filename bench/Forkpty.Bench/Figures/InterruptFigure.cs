namespace Forkpty.Bench;

internal sealed class InterruptFigure : Figure
{
    private const int BytesBefore = 4 << 20;
    private const int BytesTooMany = 256 << 20;
    private const int QuietMilliseconds = 100;

    private static readonly Metric Middle = new("median of 5", "KB", Floor.AtMost(16, "KB"));
    private static readonly Metric Worst = new("worst of 5", "KB");

    public override string Name => "interrupt";

    public override string Title => "Output that still comes after Ctrl-C in a flood";

    public override string Method => "After 4 MiB of a flood the reader types Ctrl-C, reads on, and counts until nothing has come for 100 ms.";

    public override IReadOnlyList<Metric> Metrics => [Middle, Worst];

    public override void Measure(Peer peer, Scale scale, Action<Metric, double> record)
    {
        using Server server = peer.Start();
        using Connection session = server.Open();
        double[] kilobytes = new double[scale.Interrupts];
        for (int i = 0; i < kilobytes.Length; i++)
            kilobytes[i] = BytesAfterInterrupt(session) / 1000.0;
        Array.Sort(kilobytes);
        record(Middle, kilobytes[kilobytes.Length / 2]);
        record(Worst, kilobytes[^1]);
    }

    private static int BytesAfterInterrupt(Connection session)
    {
        byte[] buffer = GC.AllocateUninitializedArray<byte>(64 * 1024);
        session.Run(":", then: Flood.Command);
        for (int read = 0; read < BytesBefore;)
            read += session.Receive(buffer);
        session.Send([0x03]);
        int after = 0;
        while (session.IsReadable(QuietMilliseconds))
        {
            int count = session.Receive(buffer);
            after += count > 0 ? count : throw new BenchException("Ctrl-C ended the session");
            if (after > BytesTooMany)
                throw new BenchException("Ctrl-C did not stop the flood");
        }
        return after;
    }
}
