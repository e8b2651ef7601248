namespace Forkpty.Bench;

internal sealed class StartFigure : Figure
{
    private static readonly Metric Version = new("`--version`", "ms", Floor.AtMost(6, "ms"));

    public override string Name => "start";

    public override string Title => "Start of the executable";

    public override string Method =>
        "posix_spawn of `--version` until the process has ended, output to /dev/null, median of 50; for the bare pty the program is /bin/true.";

    public override IReadOnlyList<Metric> Metrics => [Version];

    public override void Measure(Peer peer, Scale scale, Action<Metric, double> record)
    {
        double[] times = new double[scale.Starts];
        Children.TimeToRun(peer.VersionCommand);
        for (int i = 0; i < times.Length; i++)
            times[i] = Children.TimeToRun(peer.VersionCommand);
        Array.Sort(times);
        record(Version, times[times.Length / 2]);
    }
}
