using Forkpty.Interop;

namespace Forkpty.Bench;

internal sealed class ClientFigure : Figure
{
    private const uint EchoFlag = 0x8; // ECHO of termios(3)

    private static readonly Metric RawMedian = new("raw, p50", "µs", Floor.RatioAtMost(0.8));
    private static readonly Metric RawTail = new("raw, p99", "µs");
    private static readonly Metric FramedMedian = new("client in uwsgi mode, p50", "µs");
    private static readonly Metric FramedTail = new("client in uwsgi mode, p99", "µs");

    public override string Name => "client";

    public override string Title => "Echo of a keystroke through the client in a terminal";

    public override string Method =>
        "The peer's own client (`--pty-connect`, `--pty-uconnect`) runs on a bare pty, connected to the peer's own router; keys are typed into that pty.";

    public override IReadOnlyList<Metric> Metrics => [RawMedian, RawTail, FramedMedian, FramedTail];

    public override bool AppliesTo(Peer peer) => peer.SpeaksPackets;

    public override void Measure(Peer peer, Scale scale, Action<Metric, double> record)
    {
        Type(peer, framed: false, scale.Keys, RawMedian, RawTail, record);
        Type(peer, framed: true, scale.Keys, FramedMedian, FramedTail, record);
    }

    private static void Type(Peer peer, bool framed, int keys, Metric median, Metric tail, Action<Metric, double> record)
    {
        using RunningRouter router = (RunningRouter)peer.Start();
        string[] client = peer.ClientCommand(router, framed)!;
        using Connection terminal = Connection.ToProgram(client);
        // Not before the shell's prompt has come through: until then the client's own terminal would echo, and answer itself.
        terminal.ReadUntil("$ ");
        terminal.BecomeQuiet();
        KernelException.Check(Libc.tcgetattr(terminal.Fd, out Libc.termios settings), "tcgetattr", "the client's terminal");
        if ((settings.c_lflag & EchoFlag) != 0)
            throw new BenchException($"{client[0]} left the echo of its own terminal on");
        Samples samples = Typist.Type(terminal, keys);
        record(median, samples.Microseconds(0.5));
        record(tail, samples.Microseconds(0.99));
    }
}
