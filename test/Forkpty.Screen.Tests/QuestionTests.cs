using System.Buffers;
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
    public void A_question_is_counted_and_filtered_however_it_is_cut(string question)
    {
        Assert.Equal(1, Screens.Of("before" + question + "after").Questions);
        byte[] bytes = Encoding.UTF8.GetBytes("before" + question + "after");
        for (int cut = 0; cut <= bytes.Length; cut++)
            Assert.Equal(("beforeafter", 1), Filter(bytes, cut));
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void What_is_no_question_passes_however_it_is_cut(string other)
    {
        Assert.Equal(0, Screens.Of(other).Questions);
        byte[] bytes = Encoding.UTF8.GetBytes("before" + other + "after");
        for (int cut = 0; cut <= bytes.Length; cut++)
            Assert.Equal(("before" + other + "after", 0), Filter(bytes, cut));
    }

    [Fact]
    public void Everything_but_questions_passes_byte_for_byte()
    {
        var random = new Random(1);
        for (int round = 0; round < 2000; round++)
        {
            var bytes = new byte[random.Next(300)];
            random.NextBytes(bytes);
            for (int i = 0; i < bytes.Length; i++)
                bytes[i] = random.Next(5) == 0 ? (byte)0x1B : bytes[i] == 5 ? (byte)6 : bytes[i];
            var filter = new QuestionFilter();
            var output = new ArrayBufferWriter<byte>();
            int questions = 0;
            for (int at = 0; at < bytes.Length;)
            {
                int length = Math.Min(random.Next(1, 20), bytes.Length - at);
                questions += filter.Filter(bytes.AsSpan(at, length), output);
                at += length;
            }
            if (questions == 0)
                Assert.True(bytes.AsSpan().StartsWith(output.WrittenSpan), $"round {round}");
        }
    }

    [Fact]
    public void A_long_string_is_not_held_back()
    {
        var filter = new QuestionFilter();
        var output = new ArrayBufferWriter<byte>();
        filter.Filter(Encoding.UTF8.GetBytes("\ePq" + new string('x', 100_000)), output);
        Assert.True(output.WrittenCount > 90_000);
        filter.Filter("\e\\text"u8, output);
        Assert.EndsWith("x\e\\text", Encoding.UTF8.GetString(output.WrittenSpan), StringComparison.Ordinal);
    }

    private static (string Passed, int Questions) Filter(byte[] bytes, int cut)
    {
        var filter = new QuestionFilter();
        var output = new ArrayBufferWriter<byte>();
        int questions = filter.Filter(bytes.AsSpan(0, cut), output) + filter.Filter(bytes.AsSpan(cut), output);
        return (Encoding.UTF8.GetString(output.WrittenSpan), questions);
    }
}
