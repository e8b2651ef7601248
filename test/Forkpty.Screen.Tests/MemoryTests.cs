using System.Text;
using Xunit;

namespace Forkpty.Screen.Tests;

public sealed class MemoryTests
{
    [Theory]
    [InlineData(24, 80)]
    [InlineData(50, 200)]
    public void A_full_screen_over_a_full_screen_takes_64_KiB_at_most(int rows, int columns)
    {
        VirtualTerminal terminal = new(rows, columns, 0);
        var text = new StringBuilder();
        for (int y = 0; y < rows; y++)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\e[{y + 1};1H\e[3{y % 8}m{new string('x', columns / 2)}\e[m{new string('y', columns / 2)}");
        byte[] bytes = Encoding.UTF8.GetBytes(text.ToString());
        terminal.Write(bytes);
        terminal.Write("\e]2;a title\a\e[?1049h"u8);
        terminal.Write(bytes);
        Assert.InRange(terminal.MemoryBytes, 1, 64 * 1024);
    }

    [Fact]
    public void What_it_says_that_it_takes_is_what_it_takes()
    {
        // Other tests allocate beside this one, and what they hold in the middle of it is counted too.
        for (int attempt = 1; ; attempt++)
        {
            (long taken, long said) = Taken();
            if (attempt < 10 && (taken < said / 2 || taken > said * 12 / 10)) continue;
            Assert.InRange(taken, said / 2, said * 12 / 10);
            return;
        }
    }

    private static (long Taken, long Said) Taken()
    {
        var all = new VirtualTerminal[200];
        byte[] text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 300).Select(i => $"\e[3{i % 8}mline {i}\e[m of some text\r\n")));
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < all.Length; i++)
        {
            all[i] = new VirtualTerminal(24, 80, 1000);
            all[i].Write(text);
        }
        long taken = (GC.GetTotalMemory(forceFullCollection: true) - before) / all.Length;
        return (taken, all[0].MemoryBytes);
    }

    [Fact]
    public void Text_that_flows_allocates_nothing()
    {
        var terminal = new VirtualTerminal(24, 80, 1000);
        byte[] text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("\e[32mgreen\e[m and café and plain text that goes on for a while\r\n", 500)));
        for (int i = 0; i < 20; i++)
            terminal.Write(text);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20; i++)
            terminal.Write(text);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, text.Length);
    }

    [Fact]
    public void History_keeps_the_newest_lines()
    {
        VirtualTerminal terminal = Screens.Of(string.Concat(Enumerable.Range(0, 1000).Select(i => $"line {i}\r\n")), history: 100);
        Assert.Equal(100, terminal.HistoryLines);
        Assert.Contains("line 877\r", terminal.Snapshot(), StringComparison.Ordinal);
        Assert.DoesNotContain("line 876\r", terminal.Snapshot(), StringComparison.Ordinal);
    }

    [Fact]
    public void History_keeps_to_its_bytes()
    {
        var terminal = new VirtualTerminal(24, 80, 100_000, 100_000);
        for (int i = 0; i < 20_000; i++)
            terminal.Write("a line of some forty characters, and more\r\n"u8);
        Assert.InRange(terminal.HistoryBytes, 60_000, 116_384);
    }

    [Fact]
    public void A_line_of_history_takes_a_byte_a_character_and_one_or_two_more()
    {
        VirtualTerminal terminal = Screens.Of(string.Concat(Enumerable.Repeat(new string('x', 60) + "\r\n", 1000)), history: 900);
        Assert.InRange(terminal.HistoryBytes / 900.0, 61, 62.1);
    }
}
