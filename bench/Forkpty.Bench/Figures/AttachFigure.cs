using System.Diagnostics;

namespace Forkpty.Bench;

internal sealed class AttachFigure : Figure
{
    /// <summary>What busybox asks of a terminal right after its prompt.</summary>
    private const string Prompt = "\e[6n";

    private const string LocalPrompt = "$ ";

    private static readonly Metric Ours = new("`fpty attach`, p50", "ms");
    private static readonly Metric Nsenter = new("`nsenter -a`, p50", "ms");
    private static readonly Metric Runc = new("`runc exec -t`, p50", "ms");
    private static readonly Metric Podman = new("`podman exec -it`, p50", "ms");
    private static readonly Metric ToNsenter = new("fpty / nsenter", "", Floor.AtMost(1.5, ""));
    private static readonly Metric ToRunc = new("fpty / runc", "", Floor.AtMost(0.5, ""));
    private static readonly Metric ToPodman = new("fpty / podman", "", Floor.AtMost(0.2, ""));

    private static readonly Metric Echo = new("echo through `fpty attach`, p50", "µs");
    private static readonly Metric LocalEcho = new("echo through `fpty connect`, p50", "µs");
    private static readonly Metric EchoToLocal = new("echo, attach / connect", "", Floor.AtMost(1.1, ""));
    private static readonly Metric Output = new("output through `fpty attach`", "MiB/s");
    private static readonly Metric LocalOutput = new("output through `fpty connect`", "MiB/s");
    private static readonly Metric OutputToLocal = new("output, attach / connect", "", Floor.AtLeast(0.9));

    public override string Name => "attach";

    public override string Title => "Attach to a container, to the first prompt";

    public override string Method =>
        "A shell in a container of runc (podman's in one of podman's), on a bare pty, from posix_spawn of the command until the prompt has been read; the commands take turns, p50 of 100. Root and all three programs are needed. Echo and output are those of a program in the container, beside a session of a router on this machine, each through the client on a bare pty.";

    public override IReadOnlyList<Metric> Metrics => [Ours, Nsenter, Runc, Podman, ToNsenter, ToRunc, ToPodman, Echo, LocalEcho, EchoToLocal, Output, LocalOutput, OutputToLocal];

    public override bool AppliesTo(Peer peer) => peer is FptyPeer;

    public override void Measure(Peer peer, Scale scale, Action<Metric, double> record)
    {
        string fpty = peer.VersionCommand[0];
        using AttachTargets targets = new();
        (Metric Metric, string[] Command)[] turns =
        [
            (Ours, [fpty, "attach", targets.RuncProcess]),
            (Nsenter, ["nsenter", "-t", targets.RuncProcess, "-a", "/bin/sh"]),
            (Runc, ["runc", "exec", "-t", targets.Name, "/bin/sh"]),
            (Podman, ["podman", .. AttachTargets.PodmanOptions, "exec", "-it", targets.Name, "/bin/sh"]),
        ];
        var ticks = turns.Select(_ => new long[scale.Attaches]).ToArray();
        for (int round = 0; round < scale.Attaches; round++)
        {
            for (int i = 0; i < turns.Length; i++)
            {
                long start = Stopwatch.GetTimestamp();
                using Connection terminal = Connection.ToProgram(turns[i].Command);
                terminal.ReadUntil(Prompt);
                ticks[i][round] = Stopwatch.GetTimestamp() - start;
            }
        }

        double[] medians = [.. ticks.Select(taken => new Samples(taken).Microseconds(0.5) / 1000)];
        for (int i = 0; i < turns.Length; i++)
            record(turns[i].Metric, medians[i]);
        record(ToNsenter, medians[0] / medians[1]);
        record(ToRunc, medians[0] / medians[2]);
        record(ToPodman, medians[0] / medians[3]);

        using RunningRouter router = (RunningRouter)peer.Start();
        string[] attach = [fpty, "attach", targets.RuncProcess], connect = [fpty, "connect", router.FramedPath];
        double echo = EchoOf(attach, Prompt, scale.Keys), localEcho = EchoOf(connect, LocalPrompt, scale.Keys);
        double output = OutputOf(attach, Prompt, scale.FloodBytes), localOutput = OutputOf(connect, LocalPrompt, scale.FloodBytes);
        record(Echo, echo);
        record(LocalEcho, localEcho);
        record(EchoToLocal, echo / localEcho);
        record(Output, output);
        record(LocalOutput, localOutput);
        record(OutputToLocal, output / localOutput);
    }

    private static double EchoOf(string[] client, string prompt, int keys)
    {
        using Connection terminal = Running(client, prompt, "cat >/dev/null");
        return Typist.Type(terminal, keys).Microseconds(0.5);
    }

    private static double OutputOf(string[] client, string prompt, int bytes)
    {
        using Connection terminal = Running(client, prompt, Flood.Command);
        return OutputFigure.MibPerSecond(terminal, bytes);
    }

    /// <summary>The same static program in the container and here, instead of the shell.</summary>
    private static Connection Running(string[] client, string prompt, string applet)
    {
        Connection terminal = Connection.ToProgram(client);
        terminal.ReadUntil(prompt);
        terminal.Run(":", then: $"exec /bin/busybox {applet}");
        return terminal;
    }
}
