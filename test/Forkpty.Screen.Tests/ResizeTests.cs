using System.Text;
using Xunit;

namespace Forkpty.Screen.Tests;

public sealed class ResizeTests
{
    private static readonly string Long = string.Concat(Enumerable.Range(0, 12).Select(i => $"{i} {new string((char)('a' + i), 7 * i)}\r\n"));

    [Theory]
    [InlineData("short\r\nlines\r\n", 4, 10, 12, 40)]
    [InlineData("a line that wraps over more than one line\r\nx", 8, 30, 8, 10)]
    [InlineData("漢字漢字漢字漢字漢字漢字漢字漢字\r\nx", 8, 15, 8, 20)]
    [InlineData("漢字漢字漢字漢字漢字漢字漢字漢字\r\nx", 8, 9, 8, 8)]
    [InlineData("\e[44m\e[2J\e[3;3Hblue\r\n", 6, 15, 12, 30)]
    [InlineData("\e[?1049h\e[2;2Hfull screen program\e[6;1Hstatus", 4, 12, 10, 30)]
    [InlineData("\e[4;1Haaaaaaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbbbbbcccccccccccccccc\e[H", 8, 3, 8, 12)]
    [InlineData("\e[5;5H\e7\e[2;6r\e[8;18H\e[3g", 5, 10, 9, 60)]
    public void What_is_shown_changes_as_in_xterm_js(string output, int rows, int columns, int rows2, int columns2)
    {
        foreach (string before in new[] { "", Long })
        {
            using var oracle = new Oracle(8, 20, 30);
            var terminal = new VirtualTerminal(8, 20, 30);
            byte[] bytes = Encoding.UTF8.GetBytes(before + output);
            oracle.Write(bytes);
            terminal.Write(bytes);
            foreach ((int r, int c) in new[] { (rows, columns), (rows2, columns2), (8, 20), (rows2, columns), (rows, columns2) })
            {
                oracle.Resize(r, c);
                terminal.Resize(r, c);
                Assert.Equal(oracle.State, ScreenState.Of(terminal));
                oracle.Write("x\e[2;2Hy\t"u8);
                terminal.Write("x\e[2;2Hy\t"u8);
                Assert.Equal(oracle.State, ScreenState.Of(terminal));
            }
        }
    }

    [Fact]
    public void Without_history_lines_that_become_longer_fill_the_screen_to_its_end()
    {
        VirtualTerminal terminal = Screens.Of("12345678901\eMx", rows: 3, columns: 29, history: 0);
        terminal.Resize(3, 5);
        Assert.Contains("x", terminal.Snapshot(), StringComparison.Ordinal);
        Assert.Contains("678901", terminal.Snapshot(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_saved_cursor_stays_with_its_line_below_an_empty_one_that_went_on_from_one_that_is_gone()
    {
        // Of the line that was wrapped, the first part leaves the screen, and the second is erased.
        VirtualTerminal terminal = Screens.Of("1234567\r\e[X\e[S\e[3;1Hhere\r\e7\e[5;1H", rows: 5, columns: 6);
        terminal.Resize(5, 4);
        terminal.Write("\e8"u8);
        Assert.Equal(2, terminal.CursorRow);
    }

    [Fact]
    public void Sizes_beyond_the_bounds_are_taken_as_the_nearest()
    {
        var terminal = new VirtualTerminal(0, 0);
        Assert.Equal((1, 2), (terminal.Rows, terminal.Columns));
        terminal.Write("漢字x"u8);
        terminal.Resize(-5, int.MaxValue);
        Assert.Equal((1, VirtualTerminal.MaxSize), (terminal.Rows, terminal.Columns));
    }
}
