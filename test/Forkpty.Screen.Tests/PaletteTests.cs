using Xunit;

namespace Forkpty.Screen.Tests;

/// <summary>Colours that a program gives to numbers, text, background and cursor. What sets and resets them as in xterm.js is in SequenceTests.</summary>
public sealed class PaletteTests
{
    [Theory]
    [InlineData("\e]12;red\a", "\e]12;red\e\\")]
    [InlineData("\e]10;light goldenrod yellow\a", "\e]10;light goldenrod yellow\e\\")]
    [InlineData("\e]11;rgb:ffff/0/1a2\a", "\e]11;rgb:ffff/0/1a2\e\\")]
    [InlineData("\e]4;3;#123456789abc;200;#fff\e\\", "\e]104\e\\\e]4;3;#123456789abc\e\\\e]4;200;#fff\e\\")]
    [InlineData("\e]12;red\a\e]112\a", "\e]112\e\\")]
    [InlineData("\e]4;3;red\a\e]104;3\a", "\e]104\e\\")]
    [InlineData("\e]12;red\a\e]4;3;red\a\ec", "\e]104\e\\\e]112\e\\")]
    public void A_snapshot_gives_the_colours_and_takes_back_those_that_the_program_took_back(string output, string expected) =>
        Assert.Equal(expected + "\e[1;1H", Screens.Of(output).Snapshot().Replace("\r\n", "", StringComparison.Ordinal));

    [Theory]
    [InlineData("\e]4;1;?\a\e]10;?\a\e]11;?\e\\\e]12;?\a")]
    [InlineData("\e]4;1;#12345g\a\e]10;\a\e]11;rgb:1/2/3/4\a\e]12;rgb:1//2\a\e]12;#12/34/56\a")]
    [InlineData("\e]4;1;a\u00e9\a\e]4;256;red\a\e]4;-1;red\a\e]10;name-with-dash\a\e]11;a name that is longer than any name\a")]
    [InlineData("\e]13;red\a\e]19;red\a\e]5;1;red\a\e]105\a\e]113\a\e]104;256\a")]
    public void What_gives_no_colour_leaves_the_colours_of_the_terminal_alone(string output) =>
        Assert.DoesNotContain("\e]", Screens.Of(output).Snapshot(), StringComparison.Ordinal);

    [Fact]
    public void A_terminal_that_missed_a_change_has_the_same_colours_after_a_snapshot()
    {
        using var oracle = new Oracle(24, 80, 100);
        VirtualTerminal terminal = Screens.Of("\e]4;1;#111111;2;#222222\a\e]10;#333333\a\e]11;#444444\a");
        oracle.Write(Comparison.Snapshot(terminal));
        terminal.Write("\e]104;1\a\e]4;2;#555555\a\e]110\a"u8);
        oracle.Write(VirtualTerminal.ResetSequence);
        oracle.Write(Comparison.Snapshot(terminal));
        Assert.Equal(oracle.State, ScreenState.Of(terminal));
    }

    [Fact]
    public void Of_colours_that_come_in_one_too_long_string_those_that_are_whole_are_kept()
    {
        string colors = string.Concat(Enumerable.Range(0, 256).Select(i => $";{i};rgb:{i:x2}00/{i:x2}01/{i:x2}02"));
        string snapshot = Screens.Of($"\e]4{colors}\a").Snapshot();
        Assert.Contains("\e]4;100;rgb:6400/6401/6402\e\\", snapshot, StringComparison.Ordinal);
        foreach (string each in snapshot.Split("\e\\").Where(each => each.StartsWith("\e]4;", StringComparison.Ordinal)))
            Assert.Matches("^\e\\]4;[0-9]+;rgb:[0-9a-f]{4}/[0-9a-f]{4}/[0-9a-f]{4}$", each);
    }
}
