using System.Diagnostics;
using System.Text;
using Forkpty.Named;
using Xunit;

namespace Forkpty.Tests.Sessions;

public sealed class TerminalAnswersTests
{
    [Theory]
    [InlineData("a\e[1;2Rb", "ab")]
    [InlineData("a\e]11;rgb:0/0/0\ab", "ab")]
    [InlineData("a\eP1+r\e\\b", "ab")]
    [InlineData("\e[A\e]never ends", "\e[A\e]never ends")]
    [InlineData("\e]ends\a\e]does not \e[5n", "\e]does not ")]
    public void Answers_are_left_out_and_keys_are_not(string input, string kept) =>
        Assert.Equal(kept, Encoding.ASCII.GetString(TerminalAnswers.Remove(Encoding.ASCII.GetBytes(input))));

    [Theory]
    [InlineData("\e]")]
    [InlineData("\eP")]
    [InlineData("\e[1;")]
    public void Time_grows_with_the_bytes(string pattern)
    {
        byte[] input = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(pattern, 1_000_000 / pattern.Length)));
        var watch = Stopwatch.StartNew();

        Assert.Equal(input, TerminalAnswers.Remove(input));

        Assert.InRange(watch.ElapsedMilliseconds, 0, 10_000); // some 10; where each byte looks through all that follow, minutes
    }
}
