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
    [InlineData("\e[4h", "\e[4l\e[m")]
    [InlineData("\e[4h\e[20h\e[4l", "\e[20l\e[m")]
    [InlineData("\e[?4h\e[4;5H", "")]
    [InlineData("\e[31m", "\e[m")]
    [InlineData("\e[0;31m", "\e[m")]
    [InlineData("\e[4:0m", "\e[m")]
    [InlineData("\e[31m\e[0m\e[1m\e[;m", "")]
    [InlineData("\e[31m\e7\e[m\e8", "\e(B\u000f\e[m")]
    [InlineData("\e[1;4r", "\e7\e[r\e8\e[m")]
    [InlineData("\e[1;4r\e[r", "")]
    [InlineData("\e[?1;4r\e[1;4;1;4$r", "")]
    [InlineData("\e[2;9r\e[?6h", "\e[?6l\e[r\e[999H\e[m")]
    [InlineData("\e[?1049h\e[1;4r", "\e[r\e[?1049l\e7\e[r\e8\e[m")]
    [InlineData("\e[?5h\e[?7l", "\e[?5l\e[?7h\e[m")]
    [InlineData("\e[?69h\e[?2031h\e[?2048h", "\e[?2031l\e[?2048l\e[?69l\e[m")]
    [InlineData("\e[>4;2m", "\e[>4m\e[m")]
    [InlineData("\e[>4;2m\e[>4m", "")]
    [InlineData("\e[>4;2m\e[>4;0m", "")]
    [InlineData("\e[4 q", "\e[0 q\e[m")]
    [InlineData("\e[4 q\e[0 q\e[1\"q\e[6q", "")]
    [InlineData("\e(0lqk", "\e(B\u000f\e[m")]
    [InlineData("\e(0lqk\e(B", "")]
    [InlineData("\e)0\u000elqk", "\e(B\u000f\e[m")]
    [InlineData("\e)0\u000elqk\u000f", "")]
    [InlineData("\eo\e(0\u000f", "\e(B\u000f\e[m")]
    [InlineData("\e[>1u", "\e[<1u\e[m")]
    [InlineData("\e[>1u\e[>5u\e[<u", "\e[<1u\e[m")]
    [InlineData("\e[>1u\e[=3u\e[<2u\e[<u", "")]
    [InlineData("\e[=5;1u", "\e[=0u\e[m")]
    [InlineData("\e[=5;1u\e[=0u\e[?u", "")]
    [InlineData("\e[>1u\e[?1049h\e[>3u\e[>7u", "\e[<2u\e[?1049l\e[<1u\e[m")]
    [InlineData("\e[?1049h\e[>3u\e[?1049l", "")]
    [InlineData("\e]8;id=1:a;https://x.example/?a;b\e\\text", "\e]8;;\e\\\e[m")]
    [InlineData("\e]8;;https://x.example\atext\e]8;;\a", "")]
    [InlineData("\e]8;;x\atext\e]8;;y\e\\text\e]8;;\e\\", "")]
    [InlineData("\e]8;id=2;\e\\", "")]
    [InlineData("\e[4h\e[1;4r\e[4 q\e[>4;2m\e[>1u\e(0\u000e\e[1m\ec", "")]
    [InlineData("\e[1;4", "\u0018\e\\\e[m")]
    [InlineData("\e]8;;htt", "\u0018\e\\\e]8;;\e\\\e[m")]
    [InlineData("\e", "\u0018\e\\\e[m")]
    [InlineData("\e(", "\u0018\e\\\e[m")]
    [InlineData("\e#", "\u0018\e\\\e[m")]
    [InlineData("\e#8\e F\e%G", "")]
    [InlineData("\eP1;2q#0;2;0;0;0\a~~", "\u0018\e\\\e[m")]
    [InlineData("\ePq#0~\e\\\eXs\e\\\e^p\u001atext\e_Gf=100;abc\u0018", "")]
    [InlineData("\e_Gf=100;abc", "\u0018\e\\\e[m")]
    [InlineData("\e^private", "\u0018\e\\\e[m")]
    [InlineData("\eXstart\u000e", "\u0018\e\\\e[m")]
    [InlineData("\e]52;c;YWJj", "\u0018\e\\\e[m")]
    [InlineData("\e]52;c;YWJj\a\e]2;title\u0018\e]7;file:///\e\\", "")]
    [InlineData("\e]10", "\u0018\e\\\e[m")]
    [InlineData("\e[4\u0018h\e[4\u001ah", "")]
    [InlineData("\e[\r4\nh", "\e[4l\e[m")]
    [InlineData("\e[22t\e]0;x\a\e[22;2t\e[22;2t\e[23;2t", "\e[23;2t\e[23;0t\e[m")]
    [InlineData("\e[22;0;0t\e[23;2t\ec", "\e[23;1t\e[m")]
    [InlineData("\e[23t\e[22;0t\e[23;0t\e[18t\e[8;24;80t\e[>22t", "")]
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
