using Xunit;

namespace Forkpty.Screen.Tests;

public sealed class SnapshotTests
{
    [Fact]
    public void A_new_terminal_needs_next_to_nothing() => Assert.InRange(new VirtualTerminal(24, 80).Snapshot().Length, 0, 60);

    [Fact]
    public void There_is_no_question_and_no_bell_in_it()
    {
        VirtualTerminal terminal = Screens.Of("\a\e[c\e[6n\e]10;?\e\\\eP$qm\e\\\e[?2026$ptext\a\e]2;title\a");
        Assert.Equal(0, Screens.Of(terminal.Snapshot()).Questions);
        Assert.DoesNotContain('\a', terminal.Snapshot());
    }

    [Theory]
    [InlineData("a\e", "[31mb")]
    [InlineData("a\e[", "31mb")]
    [InlineData("a\e[3", "1mb")]
    [InlineData("a\e[38;5;1", "2;1mb")]
    [InlineData("a\e[38:2::1:2", ":3mb")]
    [InlineData("a\e[?", "1hb")]
    [InlineData("a\e[?25", "lb")]
    [InlineData("a\e[4 ", "qb")]
    [InlineData("a\e[1?2", "3mb")]
    [InlineData("a\e(", "0qb")]
    [InlineData("a\e]2;tit", "le\e\\b")]
    [InlineData("a\e]2;title\e", "\\b")]
    [InlineData("a\ePq12", "34\e\\b")]
    [InlineData("a\e_G12", "34\e\\b")]
    public void A_sequence_that_has_begun_goes_on_behind_it(string first, string second)
    {
        VirtualTerminal terminal = Screens.Of(first);
        VirtualTerminal replica = Screens.Of(terminal.Snapshot());
        terminal.Write(System.Text.Encoding.UTF8.GetBytes(second));
        replica.Write(System.Text.Encoding.UTF8.GetBytes(second));
        Assert.Equal(ScreenState.Of(terminal), ScreenState.Of(replica));
    }

    [Fact]
    public void A_character_that_has_begun_goes_on_behind_it()
    {
        byte[] bytes = "é漢🎉"u8.ToArray();
        for (int cut = 1; cut < bytes.Length; cut++)
        {
            var terminal = new VirtualTerminal(5, 10);
            terminal.Write(bytes.AsSpan(0, cut));
            var replica = new VirtualTerminal(5, 10);
            replica.Write(Comparison.Snapshot(terminal));
            terminal.Write(bytes.AsSpan(cut));
            replica.Write(bytes.AsSpan(cut));
            Assert.Equal(ScreenState.Of(terminal), ScreenState.Of(replica));
        }
    }

    [Fact]
    public void It_holds_the_newest_history_that_is_asked_for()
    {
        VirtualTerminal terminal = Screens.Of(string.Concat(Enumerable.Range(0, 100).Select(i => $"line {i}\r\n")));
        string snapshot = System.Text.Encoding.UTF8.GetString(Comparison.Snapshot(terminal, history: 10));
        Assert.Contains("line 67\r", snapshot, StringComparison.Ordinal);
        Assert.DoesNotContain("line 66\r", snapshot, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\e[?1005h", "\e[?1005h")]
    [InlineData("\e[?1007h", "\e[?1007h")]
    [InlineData("\e[?5h", "\e[?5h")]
    [InlineData("\e[>4;2m", "\e[>4;2m")]
    [InlineData("\e[>1u\e[>5u\e[=8;2u", "\e[=0u\e[>1u\e[>13u")]
    public void Modes_that_xterm_js_does_not_know_are_in_it(string output, string expected) =>
        Assert.Contains(expected, Screens.Of(output).Snapshot(), StringComparison.Ordinal);

    [Theory]
    [InlineData("\e[22;0;0t", "", "\e[22;0t")]
    [InlineData("\e[22;2t\e[22;0t", "", "\e[22;2t\e[22;0t")]
    [InlineData("\e[22;1t\e]2;theirs\a\e[22;2t", "\e]2;theirs\e\\", "\e]2;theirs\e\\\e[22;0t")]
    [InlineData("\e[22t\e]0;theirs\a\e[23t", "", "")]
    [InlineData("\e]2;\a", "\e]2;\e\\", "")]
    public void A_title_that_was_never_set_is_not_in_it(string output, string title, string putAside)
    {
        string snapshot = Screens.Of(output).Snapshot();
        Assert.StartsWith(putAside + title, snapshot, StringComparison.Ordinal);
        Assert.DoesNotContain("\e]", snapshot[(putAside + title).Length..], StringComparison.Ordinal);
        Assert.DoesNotContain("\e[22", snapshot[(putAside + title).Length..], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\e[22;0;0t", "\e[23;0;0t")]
    [InlineData("\e[22;0;0t\e]0;theirs\a", "\e[23;0;0t")]
    [InlineData("\e[22t\e[22t\e]0;theirs\a\e[22t\e]0;others\a", "\e[23t\e[23t")]
    public void The_title_of_a_terminals_owner_comes_back_when_the_program_fetches_what_it_put_aside(string output, string end)
    {
        using var oracle = new Oracle(24, 80, 100);
        oracle.Write("\e]0;mine\a"u8);
        oracle.Write(System.Text.Encoding.UTF8.GetBytes(Screens.Of(output).Snapshot() + end));
        Assert.Contains("\ntitle mine\nicon mine\n", oracle.State, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_goes_on_in_the_set_of_characters_that_a_restored_cursor_brought_back()
    {
        VirtualTerminal terminal = Screens.Of("\e(0\e7\e(B\e8");
        VirtualTerminal replica = Screens.Of(terminal.Snapshot() + "q");
        Assert.Contains("─", replica.Snapshot(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_reset_sequence_undoes_it()
    {
        using var oracle = new Oracle(24, 80, 100);
        string fresh = oracle.State;
        oracle.Write(System.Text.Encoding.UTF8.GetBytes("\e[?1h\e=\e[?6h\e[?7l\e[?1049h\e[?1003h\e[?1006h\e[?2004h\e[?1004h\e[?25l\e[4h\e[3 q\e[3;5r\e(0\e[31;4mtext\e]2;"));
        oracle.Write(VirtualTerminal.ResetSequence);
        Assert.Equal(fresh, oracle.State);
    }
}
