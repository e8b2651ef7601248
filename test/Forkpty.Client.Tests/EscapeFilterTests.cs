using System.Text;
using Forkpty.Client;
using Xunit;

namespace Forkpty.Tests;

public sealed class EscapeFilterTests
{
    [Theory]
    [InlineData("ls ~/x\r", "ls ~/x\r")]
    [InlineData("a~.b", "a~.b")]
    [InlineData("~~", "~")]
    [InlineData("~~.", "~.")]
    [InlineData("~x", "~x")]
    [InlineData("~\r~.", "~\r<Disconnect>")]
    [InlineData("~.", "<Disconnect>")]
    [InlineData("~.\r", "<Disconnect>")]
    [InlineData("\n~.", "\n<Disconnect>")]
    [InlineData("\r~?", "\r<Help>")]
    [InlineData("\r~\u001a", "\r<Suspend>")]
    [InlineData("\r~.x", "\r~.x")]
    [InlineData("first\r~.\rlast\r", "first\r~.\rlast\r")]
    [InlineData("~.\r\r", "~.\r\r")]
    [InlineData("~.\r~?\r~.", "~.\r~?\r<Disconnect>")]
    [InlineData("~?~.", "~?~.")]
    [InlineData("~d", "~d")]
    [InlineData("x\r~", "x\r")]
    public void The_key_counts_at_the_beginning_of_a_line_only_however_the_input_is_split(string typed, string expected)
    {
        for (int cut = 0; cut <= typed.Length; cut++)
            Assert.Equal(expected, Pass(EscapeKey.Default, typed[..cut], typed[cut..]));
        Assert.Equal(expected, Pass(EscapeKey.Default, [.. typed.Select(c => c.ToString())]));
    }

    [Theory]
    [InlineData("~d", "<Detach>")]
    [InlineData("~d\r", "<Detach>")]
    [InlineData("x\r~r", "x\r<Redraw>")]
    [InlineData("~s\r~s\r~.", "~s\r~s\r<Disconnect>")]
    [InlineData("~dave/bin/x\r", "~dave/bin/x\r")]
    [InlineData("~root\r~r", "~root\r<Redraw>")]
    [InlineData("~r~.", "~r~.")]
    [InlineData("~~d", "~d")]
    [InlineData("x~d", "x~d")]
    public void In_a_session_a_letter_is_an_escape_where_no_other_key_follows(string typed, string expected)
    {
        for (int cut = 0; cut <= typed.Length; cut++)
            Assert.Equal(expected, Pass(new EscapeFilter(EscapeKey.Default) { InSession = true }, typed[..cut], typed[cut..]));
    }

    [Fact]
    public void Without_a_session_letters_are_typed() => Assert.Equal("~d\r~r\r~s", Pass(EscapeKey.Default, "~d\r~r\r~s"));

    [Fact]
    public void Another_key_takes_the_place_of_the_tilde()
    {
        Assert.True(EscapeKey.TryParse("^A", out EscapeKey key, out _));
        Assert.Equal("~.\r<Disconnect>", Pass(key, "~.\r\u0001."));
        Assert.Equal("\u0001", Pass(key, "\u0001\u0001"));
    }

    [Fact]
    public void Without_a_key_nothing_is_held_back()
    {
        Assert.Equal("~.\r~.~", Pass(EscapeKey.None, "~.\r~.~"));
    }

    [Fact]
    public void After_an_escape_the_next_one_needs_no_Enter()
    {
        var filter = new EscapeFilter(EscapeKey.Default);
        Assert.Equal("<Help>", Pass(filter, "~?"));
        Assert.Equal("<Help>", Pass(filter, "~?\r"));
        Assert.Equal("x", Pass(filter, "x"));
        Assert.Equal("~?", Pass(filter, "~?"));
    }

    private static string Pass(EscapeKey key, params string[] pieces) => Pass(new EscapeFilter(key), pieces);

    private static string Pass(EscapeFilter filter, params string[] pieces)
    {
        var result = new StringBuilder();
        byte[] output = new byte[100];
        foreach (string piece in pieces)
        {
            byte[] input = Encoding.ASCII.GetBytes(piece);
            int written = filter.Filter(input, output.AsSpan(0, input.Length + EscapeFilter.MostHeld));
            result.Append(Encoding.ASCII.GetString(output, 0, written));
        }

        if (filter.IsHolding) result.Append('<').Append(filter.TakeSilence()).Append('>');
        return result.ToString();
    }
}
