using System.Diagnostics;

namespace Forkpty.Bench;

internal sealed class OutputFigure : Figure
{
    private static readonly Metric Rate = new("output", "MiB/s", Floor.RatioAtLeast(1.4));

    public override string Name => "output";

    public override string Title => "Output of one flooding session";

    public override string Method => "64 MiB of `yes` with lines of 80 columns, read with 64 KiB reads in one blocking thread.";

    public override IReadOnlyList<Metric> Metrics => [Rate];

    public override void Measure(Peer peer, Scale scale, Action<Metric, double> record)
    {
        using Server server = peer.Start();
        record(Rate, MibPerSecond(server, scale.FloodBytes));
    }

    public static double MibPerSecond(Server server, int bytes)
    {
        using Connection session = Flood.Open(server);
        return MibPerSecond(session, bytes);
    }

    public static double MibPerSecond(Connection session, int bytes)
    {
        byte[] buffer = GC.AllocateUninitializedArray<byte>(64 * 1024);
        Read(bytes / 16);
        long start = Stopwatch.GetTimestamp();
        int read = Read(bytes);
        return read / 1048576.0 / Stopwatch.GetElapsedTime(start).TotalSeconds;

        int Read(int amount)
        {
            int total = 0;
            while (total < amount)
            {
                int count = session.Receive(buffer);
                total += count > 0 ? count : throw new BenchException($"the flood ended after {total} bytes");
            }
            return total;
        }
    }
}
