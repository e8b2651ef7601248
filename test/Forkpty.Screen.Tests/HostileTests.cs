using System.Diagnostics;
using System.Text;
using Xunit;

namespace Forkpty.Screen.Tests;

public sealed class HostileTests
{
    public static TheoryData<string> Patterns =>
    [
        "x\e[99999999b", "\e[99999999L", "\e[99999999M", "\e[99999999@", "\e[99999999P", "\e[99999999S", "\e[99999999T", "\e[99999999I", "\e[99999999Z", "\e[99999999X",
        "\e[2J", "\e[?1049h\e[?1049l", "\e#8", "\ec", "\e[3J\n", "\e]2;", "\eP", "\e_", "\e[1;", "\e[1:", "e\u0301\u0301\u0301", "漢", "\u0301", "\e[?45h\b", "\e[99999999'}",
        "\e]8;;http://x\e\\y", "\e]4;1;#123456;2;#123456\a\e]104\a", "\e]4;;;;;;;;", "\e[22t\e[23t", "\e[>1u", "\e7\e8", "\e[!p", "\n", "x\e[38;2;1;2;3my\e[48;5;7m",
    ];

    [Theory]
    [MemberData(nameof(Patterns))]
    public void Time_grows_with_the_bytes_and_memory_does_not(string pattern)
    {
        var terminal = new VirtualTerminal(50, 200, 1000, 1 << 20);
        byte[] bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(pattern, 64 * 1024 / pattern.Length)));
        TimeSpan first = Time(terminal, bytes);
        TimeSpan last = first;
        for (int i = 0; i < 4; i++)
            last = Time(terminal, bytes);
        // 64 KB in half a second is the worst that any may take, under a debugger's code and beside other tests.
        Assert.True(last < TimeSpan.FromSeconds(2), $"{last.TotalMilliseconds} ms for 64 KB, {first.TotalMilliseconds} ms at first");
        Assert.True(terminal.MemoryBytes < 3 << 20, $"{terminal.MemoryBytes} bytes");
    }

    [Fact]
    public void As_many_colours_as_cells_cost_what_the_screen_holds()
    {
        var terminal = new VirtualTerminal(50, 200, 1000, 1 << 20);
        var text = new StringBuilder();
        for (int i = 0; i < 40_000; i++)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\e[38;2;{i % 256};{i / 256 % 256};{i % 251}m▀");
        terminal.Write(Encoding.UTF8.GetBytes(text.ToString()));
        Assert.True(terminal.MemoryBytes < 3 << 20, $"{terminal.MemoryBytes} bytes");
    }

    [Fact]
    public void As_many_clusters_as_cells_cost_what_the_screen_holds()
    {
        var terminal = new VirtualTerminal(50, 200, 1000, 1 << 20);
        var text = new StringBuilder();
        for (int i = 0; i < 100_000; i++)
            text.Append(new Rune(0x1F000 + i % 0x9000));
        terminal.Write(Encoding.UTF8.GetBytes(text.ToString()));
        Assert.True(terminal.MemoryBytes < 4 << 20, $"{terminal.MemoryBytes} bytes");
    }

    [Fact]
    public void A_title_is_kept_up_to_4096_bytes()
    {
        VirtualTerminal terminal = Screens.Of("\e]2;" + new string('t', 100_000) + "ü\aafter");
        Assert.InRange(Encoding.UTF8.GetByteCount(terminal.Title), 4000, 4096);
        Assert.Equal(5, terminal.CursorColumn);
    }

    [Fact]
    public void A_cell_keeps_16_code_points()
    {
        VirtualTerminal terminal = Screens.Of("e" + new string('\u0301', 1000) + "x");
        string snapshot = terminal.Snapshot();
        Assert.Equal(15, snapshot.Count(each => each == '\u0301'));
        Assert.Equal(2, terminal.CursorColumn);
    }

    [Fact]
    public void A_link_that_is_too_long_is_not_kept_and_its_text_is()
    {
        VirtualTerminal terminal = Screens.Of("\e]8;;http://x/" + new string('y', 3000) + "\e\\text\e]8;;\e\\");
        Assert.DoesNotContain("http", terminal.Snapshot(), StringComparison.Ordinal);
        Assert.Contains("text", terminal.Snapshot(), StringComparison.Ordinal);
    }

    [Fact]
    public void All_colours_of_the_palette_cost_24_KB_at_most()
    {
        VirtualTerminal terminal = Screens.Of("");
        long before = terminal.MemoryBytes;
        for (int i = 0; i < 2000; i++)
            terminal.Write(Encoding.UTF8.GetBytes($"\e]4;{i % 300};{new string('x', 20 + i % 40)}\a\e]{10 + i % 10};{new string('y', 32)}\a"));
        Assert.InRange(terminal.MemoryBytes - before, 10_000, 24 * 1024);
    }

    private static TimeSpan Time(VirtualTerminal terminal, byte[] bytes)
    {
        long start = Stopwatch.GetTimestamp();
        terminal.Write(bytes);
        return Stopwatch.GetElapsedTime(start);
    }
}
