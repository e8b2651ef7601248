using System.Text;
using Xunit;

namespace Forkpty.Screen.Tests;

public sealed class QuestionTests
{
    public static TheoryData<string> Questions =>
    [
        "\x05", "\eZ", "\e[c", "\e[0c", "\e[>c", "\e[=c", "\e[5n", "\e[6n", "\e[?6n", "\e[?996n", "\e[?2026$p", "\e[4$p", "\e[>0q", "\e[?u", "\e[14t", "\e[18t", "\e[21t", "\e[x", "\e[?4m",
        "\e]10;?\a", "\e]11;?\e\\", "\e]4;1;?\a", "\e]4;1;rgb:1/1/1;2;?\a", "\e]52;c;?\a", "\eP$qm\e\\", "\eP+q544e\e\\", "\u009bc", "\u009d11;?\u009c",
    ];

    public static TheoryData<string> Others =>
    [
        "text", "\e[m", "\e[31m", "\e[>4;2m", "\e[>1u", "\e[?25h", "\e[8;24;80t", "\e[22;0t", "\e]2;what?\a", "\e]8;;http://x/?q=1\e\\", "\e]11;rgb:0/0/0\a", "\eP0;1q??\e\\", "\e(B", "漢字é", "\e[ q", "\e[!p",
        "\e[12\u0018c", "\e[\e[31m", "\e]11;\u0018?", "\e_Gf=24;AAAA\e\\", "\u0085\u00a0",
    ];

    [Theory]
    [MemberData(nameof(Questions))]
    public void A_question_is_counted_however_it_is_cut(string question) => AssertCount(1, question);

    [Theory]
    [MemberData(nameof(Others))]
    public void What_is_no_question_is_not_counted_however_it_is_cut(string other) => AssertCount(0, other);

    private static void AssertCount(int expected, string output)
    {
        byte[] bytes = Encoding.UTF8.GetBytes("before" + output + "after");
        for (int cut = 0; cut <= bytes.Length; cut++)
        {
            var terminal = new VirtualTerminal(6, 20, 0);
            terminal.Write(bytes.AsSpan(0, cut));
            terminal.Write(bytes.AsSpan(cut));
            Assert.Equal(expected, terminal.Questions);
        }
    }
}
