using System.Diagnostics;
using System.Globalization;
using System.Text;
using Forkpty.Protocol;

namespace Forkpty.Bench;

/// <summary>What it costs that a session is kept, beside a plain one of the same router and beside programs that keep sessions.</summary>
internal sealed class SessionsFigure : Figure
{
    private const int EchoTurns = 6;
    private const int FloodTurns = 4;
    private const int HistoryLines = 2000;
    private const ushort Rows = 50;
    private const ushort Columns = 200;
    private const int QuietMilliseconds = 100;

    private static readonly Metric KeptEcho = new("echo of a kept, attached session, p50", "µs");
    private static readonly Metric PlainEcho = new("echo in uwsgi mode, p50", "µs");
    private static readonly Metric EchoRatio = new("echo, kept beside uwsgi mode", "", Floor.AtMost(1.1, ""));
    private static readonly Metric TmuxEcho = new("echo through tmux attached, p50", "µs");
    private static readonly Metric DtachEcho = new("echo through dtach attached, p50", "µs");
    private static readonly Metric KeptFlood = new("output of a kept, attached session", "MiB/s");
    private static readonly Metric PlainFlood = new("output in uwsgi mode", "MiB/s");
    private static readonly Metric FloodRatio = new("output, kept beside uwsgi mode", "", Floor.AtLeast(0.7));
    private static readonly Metric TmuxFlood = new("output through tmux", "MiB/s");
    private static readonly Metric TmuxFloodRatio = new("output, kept beside tmux", "", Floor.AtLeast(2));
    private static readonly Metric BareFlood = new("output of a bare pty", "MiB/s");
    private static readonly Metric KeptProcessor = new("processor time for that of the router, kept", "ms/MiB");
    private static readonly Metric PlainProcessor = new("processor time of the router, uwsgi mode", "ms/MiB");
    private static readonly Metric TmuxProcessor = new("processor time of the server of tmux", "ms/MiB");
    private static readonly Metric DtachFlood = new("output through dtach", "MiB/s");
    private static readonly Metric Reattach = new("reattach, 50x200 with 2,000 lines of history", "ms", Floor.AtMost(20, "ms"));
    private static readonly Metric ReattachBytes = new("what that paints", "KiB");
    private static readonly Metric TmuxReattach = new("`tmux attach`, 50x200, no history sent", "ms");
    private static readonly Metric KeptMemory = new("memory of a kept idle session", "KiB", Floor.AtMost(64, "KiB"));
    private static readonly Metric TmuxMemory = new("memory of a session of tmux", "KiB");
    private static readonly Metric DtachMemory = new("memory of a session of dtach", "KiB");

    public override string Name => "sessions";

    public override string Title => "Sessions that are kept";

    public override string Method =>
        "One router has a kept session, attached by the session protocol, and one in uwsgi mode; they take turns. Echo is the closed loop of above. "
        + "Output is 64 MiB of lines of 80 columns in four turns, from the command until its reader has seen the end, since tmux does not send its client everything; processor time is that of the process that serves. "
        + "Reattach is from connect to the last byte of SCREEN, median of 21, every cell of screen and history with a character and five colours a line. "
        + "Memory is the growth of VmRSS of the server over 200 sessions of /bin/sh at 24x80 that nobody is attached to; dtach has a process per session, whose RSS stands. "
        + $"{string.Join(" and ", new[] { TmuxServer.Version, DtachServer.Version }.Where(version => version is not null).DefaultIfEmpty("What others there are"))} "
        + "are seen through their own client on a bare pty.";

    public override IReadOnlyList<Metric> Metrics =>
    [
        KeptEcho, PlainEcho, EchoRatio, TmuxEcho, DtachEcho,
        KeptFlood, PlainFlood, FloodRatio, TmuxFlood, TmuxFloodRatio, DtachFlood, BareFlood,
        KeptProcessor, PlainProcessor, TmuxProcessor,
        Reattach, ReattachBytes, TmuxReattach,
        KeptMemory, TmuxMemory, DtachMemory,
    ];

    public override bool AppliesTo(Peer peer) => peer is FptyPeer;

    public override void Measure(Peer peer, Scale scale, Action<Metric, double> record)
    {
        Echo(peer, scale.Keys, record);
        Output(peer, scale.FloodBytes, record);
        Repaint(peer, record);
        Memory(peer, scale.Kept, record);
    }

    private static OpenRequest Kept(string name, OpenMode mode = OpenMode.New) => new() { Session = name, Mode = mode, OnDisconnect = OnDisconnect.Keep };

    private static void Echo(Peer peer, int keys, Action<Metric, double> record)
    {
        using RunningRouter router = (RunningRouter)peer.Start();
        using Connection kept = router.Open(Kept("typed"));
        using Connection plain = router.Open(framed: true);
        using Server? tmux = StartTmux();
        using Server? dtach = StartDtach();
        using Connection? throughTmux = tmux?.Open();
        using Connection? throughDtach = dtach?.Open();
        (Connection? Session, Metric Metric, List<Samples> Samples)[] all =
            [(kept, KeptEcho, []), (plain, PlainEcho, []), (throughTmux, TmuxEcho, []), (throughDtach, DtachEcho, [])];
        foreach ((Connection? session, _, _) in all)
            session?.BecomeQuiet();
        for (int turn = 0; turn < EchoTurns; turn++)
        {
            for (int i = 0; i < all.Length; i++)
            {
                (Connection? session, _, List<Samples> samples) = all[(i + turn) % all.Length];
                if (session is not null)
                    samples.Add(Typist.Type(session, keys / EchoTurns, painted: session == throughTmux));
            }
        }
        foreach ((Connection? session, Metric metric, List<Samples> samples) in all)
        {
            if (session is not null)
                record(metric, Samples.Together(samples).Microseconds(0.5));
        }
        record(EchoRatio, Samples.Together(all[0].Samples).Microseconds(0.5) / Samples.Together(all[1].Samples).Microseconds(0.5));
    }

    private static void Output(Peer peer, int bytes, Action<Metric, double> record)
    {
        using FiniteFlood flood = FiniteFlood.OfLines(bytes / FloodTurns);
        using RunningRouter router = (RunningRouter)peer.Start();
        using Connection kept = router.Open(Kept("flood"));
        using Connection plain = router.Open(framed: true);
        using Server? tmux = StartTmux();
        using Server? dtach = StartDtach();
        using Connection? throughTmux = tmux?.Open();
        using Connection? throughDtach = dtach?.Open();
        using Connection bare = Connection.ToProgram("/bin/sh");
        int pid = RunningRouter.ServingPid(kept);
        int tmuxPid = (tmux as TmuxServer)?.Pid ?? 0;
        (Connection? Session, Metric Rate, int Pid, Metric? Processor)[] all =
        [
            (kept, KeptFlood, pid, KeptProcessor), (plain, PlainFlood, pid, PlainProcessor), (throughTmux, TmuxFlood, tmuxPid, TmuxProcessor),
            (throughDtach, DtachFlood, 0, null), (bare, BareFlood, 0, null),
        ];
        double[] seconds = new double[all.Length];
        double[] processor = new double[all.Length];
        for (int turn = 0; turn < FloodTurns; turn++)
        {
            for (int i = 0; i < all.Length; i++)
            {
                int next = (i + turn) % all.Length;
                if (all[next].Session is not { } session)
                    continue;
                double before = all[next].Pid == 0 ? 0 : Children.ProcessorSeconds(all[next].Pid);
                seconds[next] += flood.Run(session);
                processor[next] += all[next].Pid == 0 ? 0 : Children.ProcessorSeconds(all[next].Pid) - before;
            }
        }
        double mib = bytes / 1048576.0;
        for (int i = 0; i < all.Length; i++)
        {
            if (all[i].Session is null)
                continue;
            record(all[i].Rate, mib / seconds[i]);
            if (all[i].Processor is { } metric)
                record(metric, processor[i] * 1000 / mib);
        }
        record(FloodRatio, seconds[1] / seconds[0]);
        if (throughTmux is not null)
            record(TmuxFloodRatio, seconds[2] / seconds[0]);
    }

    private static void Repaint(Peer peer, Action<Metric, double> record)
    {
        using FiniteFlood flood = new(ColouredLines(HistoryLines + (2 * Rows)));
        using RunningRouter router = (RunningRouter)peer.Start();
        using (SessionConnection session = router.Open(Kept("painted"), Rows, Columns))
            flood.Run(session);
        double[] times = new double[21];
        int bytes = 0;
        for (int i = 0; i < times.Length; i++)
        {
            Pause.Milliseconds(10); // the one before has left
            long start = Stopwatch.GetTimestamp();
            using SessionConnection session = router.Open(Kept("painted", OpenMode.Attach), Rows, Columns);
            (bytes, long at) = session.ReceiveScreen();
            times[i] = Stopwatch.GetElapsedTime(start, at).TotalMilliseconds;
        }
        record(Reattach, Median(times));
        record(ReattachBytes, bytes / 1024.0);
        if (StartTmux() is not { } tmux)
            return;
        using (tmux)
        {
            using (Connection session = tmux.Open(Rows, Columns))
                flood.Run(session);
            double[] tmuxTimes = new double[5];
            for (int i = 0; i < tmuxTimes.Length; i++)
            {
                long start = Stopwatch.GetTimestamp();
                using Connection session = tmux.Attach(Rows, Columns);
                tmuxTimes[i] = Stopwatch.GetElapsedTime(start, LastByte(session)).TotalMilliseconds;
            }
            record(TmuxReattach, Median(tmuxTimes));
        }
    }

    private static void Memory(Peer peer, int sessions, Action<Metric, double> record)
    {
        Limits.RaiseOpenFiles((sessions * 4) + 1000);
        using (RunningRouter router = (RunningRouter)peer.Start())
        {
            int pid;
            using (Connection first = router.Open(Kept("first")))
                pid = RunningRouter.ServingPid(first);
            double before = Children.ResidentKib(pid);
            for (int i = 0; i < sessions; i++)
            {
                using Connection session = router.Open(Kept(string.Create(CultureInfo.InvariantCulture, $"idle{i}")));
                session.ReadUntil("$ ");
            }
            Pause.Milliseconds(QuietMilliseconds);
            record(KeptMemory, (Children.ResidentKib(pid) - before) / sessions);
        }
        using (TmuxServer? tmux = StartTmux())
        {
            tmux?.OpenDetached(1);
            double before = tmux is null ? 0 : Children.ResidentKib(tmux.Pid);
            tmux?.OpenDetached(sessions);
            if (tmux is not null)
                record(TmuxMemory, (Children.ResidentKib(tmux.Pid) - before) / sessions);
        }
        using (DtachServer? dtach = StartDtach())
        {
            dtach?.Open().Dispose();
            if (dtach is not null)
                record(DtachMemory, Children.ResidentKib(dtach.Pid));
        }
    }

    private static TmuxServer? StartTmux() => TmuxServer.Version is null ? null : new TmuxServer(HistoryLines);

    private static DtachServer? StartDtach() => DtachServer.Version is null ? null : new DtachServer();

    private static double Median(double[] times)
    {
        Array.Sort(times);
        return times[times.Length / 2];
    }

    /// <summary>When the last byte came before nothing came for a while.</summary>
    private static long LastByte(Connection session)
    {
        byte[] buffer = GC.AllocateUninitializedArray<byte>(64 * 1024);
        long at;
        do
        {
            if (session.Receive(buffer) == 0)
                throw new BenchException("a client ended while its screen was painted");
            at = Stopwatch.GetTimestamp();
        }
        while (session.IsReadable(QuietMilliseconds));
        return at;
    }

    private static byte[] ColouredLines(int count)
    {
        const int Words = 5;
        StringBuilder text = new();
        for (int y = 0; y < count; y++)
        {
            for (int word = 0; word < Words; word++)
                text.Append(CultureInfo.InvariantCulture, $"\e[3{(y + word) % 8}m").Append((char)('a' + ((y + word) % 26)), Columns / Words);
            text.Append("\e[m\n");
        }
        return Encoding.ASCII.GetBytes(text.ToString());
    }
}
