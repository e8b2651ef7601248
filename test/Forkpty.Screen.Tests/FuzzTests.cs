using System.Diagnostics;
using System.Text;
using Xunit;

namespace Forkpty.Screen.Tests;

public sealed class FuzzTests
{
    private static readonly string[] Finals = ["@", "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "P", "S", "T", "X", "Z", "`", "a", "b", "d", "e", "f", "g", "m", "r", "s", "u", " @", " A", "'}", "'~", "!p", "\"q", " q"];
    private static readonly int[] PrivateModes = [1, 5, 6, 7, 25, 45, 47, 1000, 1006, 1047, 1048, 1049, 2004, 2026];
    private static readonly string[] Texts = ["a", "hello ", "漢", "字かな", "ｗｉｄｅ", "🎉", "\r\n", "\n", "\t", "\b", "\r", "0123456789012345", "\eM", "\eD", "\eE", "\e7", "\e8", "\eH", "\e(0", "\e(B", "\x0E", "\x0F", "\e)0"];
    private static readonly string[] Marks = ["\u0301", "\u0308", "\u200d", "\ufe0f"];

    [Fact]
    public void Random_sequences_look_as_in_xterm_js()
    {
        // Seeds are the same in each run; how many fit into the time is not.
        Campaign(TimeSpan.FromSeconds(8), firstSeed: 0, withSizes: false);
    }

    [Fact]
    public void Random_sequences_and_sizes_look_as_in_xterm_js() => Campaign(TimeSpan.FromSeconds(8), firstSeed: 1_000_000, withSizes: true);

    [Fact]
    public void Any_bytes_cut_anywhere_make_the_same()
    {
        var watch = Stopwatch.StartNew();
        for (int seed = 0; seed < 20_000 && watch.Elapsed < TimeSpan.FromSeconds(5); seed++)
        {
            var random = new Random(seed);
            byte[] bytes = seed % 2 == 0 ? RandomBytes(random) : Encoding.UTF8.GetBytes(Sequences(random, 60));
            var whole = new VirtualTerminal(6, 17, 20);
            var cut = new VirtualTerminal(6, 17, 20);
            whole.Write(bytes);
            for (int at = 0; at < bytes.Length;)
            {
                int length = Math.Min(random.Next(1, 9), bytes.Length - at);
                cut.Write(bytes.AsSpan(at, length));
                at += length;
                if (random.Next(20) == 0)
                    Comparison.Snapshot(cut);
            }
            Assert.True(ScreenState.Of(whole) == ScreenState.Of(cut), $"seed {seed}");
            // A snapshot makes another one the same, and taking it changes nothing.
            var replica = new VirtualTerminal(6, 17, 20);
            replica.Write(Comparison.Snapshot(whole));
            Assert.Equal(ScreenState.Of(cut), ScreenState.Of(whole));
        }
    }

    private static void Campaign(TimeSpan time, int firstSeed, bool withSizes)
    {
        var watch = Stopwatch.StartNew();
        int seed = firstSeed;
        for (; watch.Elapsed < time; seed++)
        {
            var random = new Random(seed);
            int rows = random.Next(2, 10);
            int columns = random.Next(4, 30);
            int history = random.Next(0, 20);
            using var oracle = new Oracle(rows, columns, history);
            var terminal = new VirtualTerminal(rows, columns, history);
            var log = new StringBuilder();
            for (int round = 0; round < 12; round++)
            {
                string output = Sequences(random, 12, marks: !withSizes);
                byte[] bytes = Encoding.UTF8.GetBytes(output);
                oracle.Write(bytes);
                terminal.Write(bytes);
                log.Append(output);
                if (withSizes && random.Next(2) == 0)
                {
                    rows = random.Next(2, 12);
                    columns = random.Next(4, 34);
                    oracle.Resize(rows, columns);
                    terminal.Resize(rows, columns);
                    log.Append(System.Globalization.CultureInfo.InvariantCulture, $"<{rows}x{columns}>");
                }
                string expected = oracle.State;
                string actual = ScreenState.Of(terminal);
                if (expected != actual)
                    Fail(seed, round, log, expected, actual);
            }
        }
        Assert.True(seed > firstSeed + 3, $"only {seed - firstSeed} seeds in {time}");
    }

    private static void Fail(int seed, int round, StringBuilder log, string expected, string actual)
    {
        string[] theirs = expected.Split('\n');
        string[] ours = actual.Split('\n');
        int line = 0;
        while (line < Math.Min(theirs.Length, ours.Length) && theirs[line] == ours[line])
            line++;
        Assert.Fail($"seed {seed}, round {round}, line {line}:\noracle: {Visible(theirs.ElementAtOrDefault(line))}\nhere:   {Visible(ours.ElementAtOrDefault(line))}\n{theirs[0]} {theirs.First(each => each.StartsWith("history", StringComparison.Ordinal))}\n{Visible(log.ToString())}");
    }

    private static string Visible(string? text) =>
        text is null ? "(nothing)" : string.Concat(text.Select(each => each < ' ' ? ((char)(0x2400 + each)).ToString() : each.ToString()));

    private static byte[] RandomBytes(Random random)
    {
        var bytes = new byte[random.Next(400)];
        random.NextBytes(bytes);
        for (int i = 0; i < bytes.Length; i++)
        {
            if (random.Next(6) == 0)
                bytes[i] = 0x1B;
            else if (random.Next(4) == 0)
                bytes[i] = (byte)"[]P;?0123m"[random.Next(10)];
        }
        return bytes;
    }

    private static string Sequences(Random random, int count, bool marks = true)
    {
        var text = new StringBuilder();
        for (int i = 0; i < count; i++)
        {
            switch (random.Next(10))
            {
                case < 4:
                    text.Append(Texts[random.Next(Texts.Length)]);
                    break;
                case 4 when marks:
                    text.Append('e').Append(Marks[random.Next(Marks.Length)]);
                    break;
                case 5:
                    text.Append("\e[").Append(Looks[random.Next(Looks.Length)]).Append('m');
                    break;
                case 6:
                    text.Append("\e[?").Append(PrivateModes[random.Next(PrivateModes.Length)]).Append(random.Next(2) == 0 ? 'h' : 'l');
                    break;
                case 7:
                    text.Append(random.Next(3) switch { 0 => "\e[4h", 1 => "\e[4l", _ => "\e[20l" });
                    break;
                default:
                    text.Append(Control(random));
                    break;
            }
        }
        return text.ToString();
    }

    private static readonly string[] Looks = ["", "1", "3;4", "31", "44", "38;5;100", "48;2;1;2;3", "4", "7", "27", "39;49", "24", "22;23"];

    private static string Control(Random random)
    {
        string final = Finals[random.Next(Finals.Length)];
        int first = random.Next(4) == 0 ? random.Next(30) : random.Next(5);
        // xterm.js throws where it erases up to the end of the last line, and repeats without bounds.
        if (final == "J" && first == 1)
            first = 2;
        return $"\e[{(random.Next(4) == 0 ? "" : first)}{(random.Next(3) == 0 ? $";{random.Next(20)}" : "")}{final}";
    }
}
