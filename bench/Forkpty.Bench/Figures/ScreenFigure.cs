using System.Diagnostics;
using System.Globalization;
using System.Text;
using Forkpty.Screen;

namespace Forkpty.Bench;

/// <summary>What it costs that a kept session knows its screen.</summary>
internal sealed class ScreenFigure : Figure
{
    private const int HistoryLines = 2000;
    private const int Piece = 16 * 1024;

    private static readonly Metric Plain = new("plain text, lines of 5 to 60 characters", "MB/s", Floor.AtLeast(200));
    private static readonly Metric Colored = new("words in colours, a sequence every 5 bytes", "MB/s", Floor.AtLeast(60));
    private static readonly Metric Moves = new("full screen: the cursor moves, words in 256 colours, erased lines", "MB/s", Floor.AtLeast(60));
    private static readonly Metric Small = new("a full screen of 24x80 over another", "KiB", Floor.AtMost(64, "KiB"));
    private static readonly Metric Large = new("a full screen of 50x200 over another", "KiB", Floor.AtMost(64, "KiB"));
    private static readonly Metric Line = new("a line of history, 35 characters on average", "bytes");
    private static readonly Metric TmuxLine = new("the same line in tmux", "bytes");
    private static readonly Metric LineRatio = new("a line of history, beside tmux", "", Floor.AtMost(0.5, ""));
    private static readonly Metric Repaint = new("snapshot of 50x200 with 2,000 lines of history", "ms", Floor.AtMost(20, "ms"));

    public override string Name => "screen";

    public override string Title => "The screen of a kept session";

    public override string Method =>
        "Inside this program, without a terminal: 1 MB of text is fed to the model of a 24x80 screen, 16 KB at a time, for 0.3 s. "
        + "Memory is what the objects take, with both screens full and 8 colours on each; history comes on top of it, with 1 to 2 bytes a line besides its characters. "
        + "tmux counts its own (`#{history_bytes}`), without what malloc adds.";

    public override IReadOnlyList<Metric> Metrics => [Plain, Colored, Moves, Small, Large, Line, TmuxLine, LineRatio, Repaint];

    public override bool AppliesTo(Peer peer) => peer is FptyPeer;

    public override void Measure(Peer peer, Scale scale, Action<Metric, double> record)
    {
        Random random = new(1);
        byte[] lines = Lines(random);
        record(Plain, Throughput(lines));
        record(Colored, Throughput(Words(random)));
        record(Moves, Throughput(Movements(random)));
        record(Small, KiB(24, 80));
        record(Large, KiB(50, 200));

        VirtualTerminal terminal = new(50, 200, HistoryLines);
        terminal.Write(lines);
        double line = (double)terminal.HistoryBytes / terminal.HistoryLines;
        record(Line, line);
        record(Repaint, TimeOfSnapshot(terminal));
        if (TmuxServer.Version is null)
            return;
        double tmuxLine = TmuxBytesPerLine(lines);
        record(TmuxLine, tmuxLine);
        record(LineRatio, line / tmuxLine);
    }

    private static double Throughput(byte[] text)
    {
        VirtualTerminal terminal = new(24, 80, HistoryLines);
        terminal.Write(text);
        long start = Stopwatch.GetTimestamp();
        long bytes = 0;
        while (Stopwatch.GetElapsedTime(start).TotalMilliseconds < 300)
        {
            for (int at = 0; at < text.Length; at += Piece)
                terminal.Write(text.AsSpan(at, Math.Min(Piece, text.Length - at)));
            bytes += text.Length;
        }
        return bytes / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e6;
    }

    private static double KiB(int rows, int columns)
    {
        VirtualTerminal[] terminals = new VirtualTerminal[64];
        byte[] screen = FullScreen(rows, columns);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < terminals.Length; i++)
        {
            terminals[i] = new VirtualTerminal(rows, columns, HistoryLines);
            terminals[i].Write(screen);
            terminals[i].Write("\e]2;a title\a\e[?1049h"u8);
            terminals[i].Write(screen);
        }
        double taken = (GC.GetTotalMemory(forceFullCollection: true) - before) / 1024.0 / terminals.Length;
        GC.KeepAlive(terminals);
        return taken;
    }

    private static double TimeOfSnapshot(VirtualTerminal terminal)
    {
        double[] times = new double[21];
        for (int i = 0; i < times.Length; i++)
        {
            System.Buffers.ArrayBufferWriter<byte> output = new();
            long start = Stopwatch.GetTimestamp();
            terminal.Snapshot(output);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
        Array.Sort(times);
        return times[times.Length / 2];
    }

    private static double TmuxBytesPerLine(byte[] lines)
    {
        using TmuxServer tmux = new(HistoryLines);
        using FiniteFlood flood = new(lines);
        using Connection session = tmux.Open(50, 200);
        flood.Run(session);
        string[] numbers = tmux.Ask("display-message", "-p", "#{history_bytes} #{history_size}")!.Split(' ');
        return double.Parse(numbers[0], CultureInfo.InvariantCulture) / double.Parse(numbers[1], CultureInfo.InvariantCulture);
    }

    private static byte[] Lines(Random random) => Text(random, static (text, random) => text.Append(Some(random, 5, 60)).Append("\r\n"));

    private static byte[] Words(Random random) => Text(random, static (text, random) =>
    {
        for (int i = 0; i < 8; i++)
            text.Append(CultureInfo.InvariantCulture, $"\e[{30 + random.Next(8)};1m{Some(random, 3, 9)}\e[m ");
        text.Append("\r\n");
    });

    private static byte[] Movements(Random random) => Text(random, static (text, random) => text.Append(
        CultureInfo.InvariantCulture, $"\e[{random.Next(1, 25)};{random.Next(1, 81)}H\e[38;5;{random.Next(256)}m{Some(random, 1, 9)}\e[K"));

    private static byte[] Text(Random random, Action<StringBuilder, Random> add)
    {
        StringBuilder text = new();
        while (text.Length < 1_000_000)
            add(text, random);
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private static byte[] FullScreen(int rows, int columns)
    {
        StringBuilder text = new();
        for (int y = 0; y < rows; y++)
            text.Append(CultureInfo.InvariantCulture, $"\e[{y + 1};1H\e[3{y % 8}m{new string('x', columns / 2)}\e[m{new string('y', columns / 2)}");
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private static string Some(Random random, int from, int to)
    {
        const string Words = "lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore magna aliqua ";
        int length = random.Next(from, to);
        return Words.Substring(random.Next(Words.Length - length), length);
    }
}
