using System.Diagnostics;

namespace Forkpty.Bench;

internal sealed class IdleFigure : Figure
{
    private const int OpenFilesPerSession = 4;

    private static readonly Metric OwnMemory = new("resident memory of the serving process at start", "MiB", Floor.AtMost(8, "MiB"));
    private static readonly Metric PerSession = new("memory per idle session", "KiB", Floor.AtMost(1.5, "KiB"));
    private static readonly Metric TimeToOpen = new("time until all 4,000 have their prompt", "s", Floor.RatioAtMost(0.5));

    public override string Name => "idle";

    public override string Title => "4,000 idle sessions";

    public override string Method =>
        "4,000 sessions of /bin/sh are opened, 16 at a time, each counted when its prompt has come. "
        + "Memory is VmRSS of the process that serves (the parent of the shells), after one session and with all: (RSS at 4,000 - RSS at 0) / 4,000. "
        + "socat has a process per session: its RSS stands as the session's.";

    public override IReadOnlyList<Metric> Metrics => [OwnMemory, PerSession, TimeToOpen];

    public override bool AppliesTo(Peer peer) => peer is not BarePeer;

    public override void Measure(Peer peer, Scale scale, Action<Metric, double> record)
    {
        Limits.RaiseOpenFiles((scale.Held + 100) * OpenFilesPerSession);
        using RunningRouter router = (RunningRouter)peer.Start();
        if (peer is SocatPeer)
        {
            using Connection session = router.Open();
            record(PerSession, Children.ResidentKib(RunningRouter.ServingPid(session)));
            return;
        }
        int pid = router.ServingPid();
        double before = Children.ResidentKib(pid);
        record(OwnMemory, before / 1024);
        long start = Stopwatch.GetTimestamp();
        using HeldSessions held = HeldSessions.Open(router, scale.Held);
        record(TimeToOpen, Stopwatch.GetElapsedTime(start).TotalSeconds);
        record(PerSession, (Children.ResidentKib(pid) - before) / scale.Held);
    }
}
