using System.Text;
using Forkpty.Client;
using Xunit;

namespace Forkpty.Tests;

public sealed class RemoteModesTests
{
    [Theory]
    [InlineData("plain text\r\n", "")]
    [InlineData("\e[1;31mred\e[m \e[2J\e[10;20H", "")]
    [InlineData("\e[?1049h", "\e[?1049l\e[m")]
    [InlineData("\e[?1049h text \e[?1049l", "")]
    [InlineData("\e[?25l", "\e[?25h\e[m")]
    [InlineData("\e[?25l\e[?25h", "")]
    [InlineData("\e[?1000;1006h\e[?2004h", "\e[?1000l\e[?1006l\e[?2004l\e[m")]
    [InlineData("\e[?1h\e=", "\e>\e[?1l\e[m")]
    [InlineData("\e=\e>", "")]
    [InlineData("\e[?1049h\e[?25l\ec", "")]
    [InlineData("\e[4h", "")]
    [InlineData("\e[?12h", "")]
    [InlineData("\e[?99999999999999h", "")]
    [InlineData("\e[?10\e[?1049h", "\e[?1049l\e[m")]
    [InlineData("\e\e[?2004h", "\e[?2004l\e[m")]
    [InlineData("\e]4;1;#123456\a", "\e]104\e\\\e[m")]
    [InlineData("\e]4;1;?\a\e]10;?\a\e]11;?\e\\\e]12;?\a", "")]
    [InlineData("\e]4;1;?;2;red\e\\\e]12;red\e\\", "\e]104\e\\\e]112\e\\\e[m")]
    [InlineData("\e]4;1;red\a\e]104;1\a", "\e]104\e\\\e[m")]
    [InlineData("\e]4;1;red\a\e]12;red\a\e]104\a\e]112\e\\", "")]
    [InlineData("\e]10;red;?;blue;green\a", "\e]110\e\\\e]112\e\\\e[m")]
    [InlineData("\e]11;red\a\e]111\u0018", "\e]111\e\\\e[m")]
    [InlineData("\e]2;title; 11;red\a\e]110\a\e]1;x\e\\\e[?2004h", "\e[?2004l\e[m")]
    [InlineData("\e]11;red\a\e[?25l", "\e[?25h\e]111\e\\\e[m")]
    [InlineData("\e]11\e[?25l", "\e[?25h\e[m")]
    public void What_was_turned_on_is_turned_off_and_nothing_else_however_the_output_is_split(string output, string reset)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(output);
        for (int cut = 0; cut <= bytes.Length; cut++)
        {
            var modes = new RemoteModes();
            modes.Follow(bytes.AsSpan(0, cut));
            modes.Follow(bytes.AsSpan(cut));
            Assert.Equal(reset, modes.Reset());
            Assert.Equal("", modes.Reset());
        }
    }
}
