using System.Diagnostics;
using System.Text;
using Xunit;

namespace Forkpty.Screen.Tests;

public sealed class FuzzTests
{
    /// <summary>FPTY_FULL=1: as many seeds as five minutes let through, for each test.</summary>
    private static readonly bool IsFull = Environment.GetEnvironmentVariable("FPTY_FULL") == "1";

    private static readonly string[] Finals = ["@", "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "P", "S", "T", "X", "Z", "`", "a", "b", "d", "e", "f", "g", "m", "r", "s", "u", " @", " A", "'}", "'~", "!p", "\"q", " q"];
    // Not 7: without wrapping, what a wide character at the margin does in xterm.js hangs on how its output was cut.
    private static readonly int[] PrivateModes = [1, 5, 6, 25, 45, 47, 1000, 1006, 1047, 1048, 1049, 2004, 2026];
    // No character that came after Unicode 12, of which xterm.js has no width.
    private static readonly string[] Texts = ["a", "hello ", "漢", "字かな", "ｗｉｄｅ", "🎉", "✅✨", "\r\n", "\n", "\t", "\b", "\r", "0123456789012345", "\eM", "\eD", "\eE", "\e7", "\e8", "\eH", "\e(0", "\e(B", "\x0E", "\x0F", "\e)0", "\e]4;1;#010203;7;#040506\a", "\e]104;1\a", "\e]11;#070809\a"];
    private static readonly string[] Marks = ["\u0301", "\u0308", "\u200d", "\ufe0f"];

    [Fact]
    public void Random_sequences_look_as_in_xterm_js() => Campaign(firstSeed: 0, withSizes: false);

    [Fact]
    public void Random_sequences_and_sizes_look_as_in_xterm_js() => Campaign(firstSeed: 1_000_000, withSizes: true);

    [Fact]
    public void Any_bytes_cut_anywhere_make_the_same()
    {
        foreach (int seed in Seeds(first: 0, count: 20_000, seconds: 5))
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
        }
    }

    [Fact]
    public void A_snapshot_makes_a_new_terminal_the_same_after_random_sequences()
    {
        foreach (int seed in Seeds(first: 0, count: 2_000, seconds: 5))
        {
            var random = new Random(seed);
            (int rows, int columns, int history) = (random.Next(2, 10), random.Next(4, 30), random.Next(0, 20));
            var terminal = new VirtualTerminal(rows, columns, history);
            for (int round = 0; round < 6; round++)
            {
                terminal.Write(Encoding.UTF8.GetBytes(Sequences(random, 12, wide: false)));
                var replica = new VirtualTerminal(rows, columns, history);
                replica.Write(Comparison.Snapshot(terminal));
                (string expected, string actual) = (Comparable(terminal), Comparable(replica));
                Assert.True(expected == actual, $"seed {seed}, round {round}, {rows}x{columns}:\n{Visible(expected)}\n{Visible(actual)}\n{Visible(Encoding.UTF8.GetString(Comparison.Snapshot(terminal)))}");
            }
        }
    }

    /// <summary>Without what a snapshot does not hold: see docs/screen.md.</summary>
    private static string Comparable(VirtualTerminal terminal)
    {
        VirtualTerminal.State state = terminal.Inspect();
        string text = Comparison.Known(ScreenState.Of(terminal));
        // A cursor of the alternate screen that waits behind a column that was erased since.
        if (state.Alternate is { } page && page.X == state.Columns && (page.Current.Cells[page.X - 1] & Cell.Content) == 0)
            text = text.Replace($"cursor {page.X} ", $"cursor {page.X - 1} ", StringComparison.Ordinal);
        // What was designated before a restored cursor brought back another set.
        string sets = string.Concat(state.Charsets.ToArray().Select(ScreenState.Name));
        string known = sets.Remove(state.Level, 1).Insert(state.Level, ScreenState.Name(state.Charset).ToString());
        return text.Replace($"charsets {sets} ", $"charsets {known} ", StringComparison.Ordinal);
    }

    /// <summary>The same in each run, as far as time allows.</summary>
    private static IEnumerable<int> Seeds(int first, int count, int seconds)
    {
        var watch = Stopwatch.StartNew();
        TimeSpan limit = IsFull ? TimeSpan.FromMinutes(5) : TimeSpan.FromSeconds(seconds);
        int seed = first;
        for (; (IsFull || seed < first + count) && watch.Elapsed < limit; seed++)
            yield return seed;
        Assert.True(seed > first + 3, $"only {seed - first} seeds in {limit}");
        TestContext.Current.TestOutputHelper!.WriteLine($"{seed - first} seeds");
    }

    private static void Campaign(int firstSeed, bool withSizes)
    {
        foreach (int seed in Seeds(firstSeed, count: 400, seconds: 8))
        {
            var random = new Random(seed);
            (int rows, int columns, int history) = (random.Next(2, 10), random.Next(4, 30), random.Next(0, 20));
            // Without history, a line that becomes longer than the screen makes xterm.js lose the last one.
            if (withSizes)
                history = Math.Max(history, 1);
            var steps = new List<object>();
            for (int round = 0; round < 20; round++)
            {
                steps.Add(Convert.ToBase64String(Encoding.UTF8.GetBytes(Sequences(random, 12, marks: !withSizes, wide: !withSizes))));
                if (withSizes && random.Next(2) == 0)
                    steps.Add(new[] { random.Next(2, 12), random.Next(4, 34) });
            }
            string[] expected = OracleProcess.Shared.Ask("play", rows, columns, history, steps)!.Split(' ');
            var terminal = new VirtualTerminal(rows, columns, history);
            for (int i = 0; i < steps.Count; i++)
            {
                Do(steps[i], terminal.Write, terminal.Resize);
                if (expected[i] != ScreenState.Hash(terminal))
                    Fail(seed, rows, columns, history, steps[..(i + 1)], ScreenState.Of(terminal));
            }
        }
    }

    private delegate void Writer(ReadOnlySpan<byte> bytes);

    private static void Do(object step, Writer write, Action<int, int> resize)
    {
        if (step is int[] size)
            resize(size[0], size[1]);
        else
            write(Convert.FromBase64String((string)step));
    }

    private static void Fail(int seed, int rows, int columns, int history, List<object> steps, string actual)
    {
        using var oracle = new Oracle(rows, columns, history);
        var log = new StringBuilder();
        foreach (object step in steps)
        {
            Do(step, oracle.Write, oracle.Resize);
            log.Append(step is int[] size ? $"<{size[0]}x{size[1]}>" : Encoding.UTF8.GetString(Convert.FromBase64String((string)step)));
        }
        string[] theirs = oracle.State.Split('\n');
        string[] ours = actual.Split('\n');
        int line = 0;
        while (line < Math.Min(theirs.Length, ours.Length) && theirs[line] == ours[line])
            line++;
        Assert.Fail($"""
            seed {seed}, {rows}x{columns} with {history} lines of history, step {steps.Count}, line {line}:
            oracle: {Visible(theirs.ElementAtOrDefault(line))}
            here:   {Visible(ours.ElementAtOrDefault(line))}
            {theirs[0]}, {theirs[1]}
            {Visible(log.ToString())}
            """);
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

    private static string Sequences(Random random, int count, bool marks = true, bool wide = true)
    {
        var text = new StringBuilder();
        for (int i = 0; i < count; i++)
        {
            switch (random.Next(10))
            {
                case < 4:
                    string next = Texts[random.Next(Texts.Length)];
                    text.Append(wide || next.All(each => each < 0x1000) ? next : "x");
                    break;
                case 4 when marks:
                    text.Append('e').Append(Marks[random.Next(Marks.Length)]);
                    break;
                case 5:
                    text.Append("\e[").Append(Looks[random.Next(marks ? Looks.Length : NoBackgrounds)]).Append('m');
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

    // xterm.js leaves blanks with a background where it breaks lines anew; there are none in what is resized.
    private const int NoBackgrounds = 11;

    private static readonly string[] Looks = ["", "1", "3;4", "31", "38;5;100", "4", "7", "27", "39;49", "24", "22;23", "44", "48;2;1;2;3"];

    private static string Control(Random random)
    {
        string final = Finals[random.Next(Finals.Length)];
        int first = random.Next(4) == 0 ? random.Next(30) : random.Next(5);
        if (final == " q")
            first %= 7;
        // A screenful of repetitions is the bound here.
        if (final == "b")
            first %= 5;
        // What xterm.js restores of a double line is that there is one.
        if (final == "m")
            first %= 20;
        // xterm.js throws where it erases up to the end of the last line, and repeats without bounds.
        if (final == "J" && first == 1)
            first = 2;
        return $"\e[{(random.Next(4) == 0 ? "" : first)}{(random.Next(3) == 0 ? $";{random.Next(20)}" : "")}{final}";
    }
}
