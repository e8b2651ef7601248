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
    [InlineData("\r~.x", "\r<Disconnect>x")]
    [InlineData("\n~.", "\n<Disconnect>")]
    [InlineData("a\r~?~?b~.", "a\r<Help><Help>b~.")]
    [InlineData("\r~\u001a~.", "\r<Suspend><Disconnect>")]
    [InlineData("x\r~", "x\r")]
    public void The_key_counts_at_the_beginning_of_a_line_only_however_the_input_is_split(string typed, string expected)
    {
        for (int cut = 0; cut <= typed.Length; cut++)
            Assert.Equal(expected, Pass(EscapeKey.Default, typed[..cut], typed[cut..]));
        Assert.Equal(expected, Pass(EscapeKey.Default, [.. typed.Select(c => c.ToString())]));
    }

    [Fact]
    public void Another_key_takes_the_place_of_the_tilde()
    {
        Assert.True(EscapeKey.TryParse("^A", out EscapeKey key, out _));
        Assert.Equal("~.\r<Disconnect>", Pass(key, "~.\r\u0001."));
    }

    [Fact]
    public void Without_a_key_nothing_is_held_back()
    {
        Assert.Equal("~.\r~.~", Pass(EscapeKey.None, "~.\r~.~"));
    }

    private static string Pass(EscapeKey key, params string[] pieces)
    {
        var filter = new EscapeFilter(key);
        var result = new StringBuilder();
        byte[] output = new byte[100];
        foreach (string piece in pieces)
        {
            ReadOnlySpan<byte> input = Encoding.ASCII.GetBytes(piece);
            while (!input.IsEmpty)
            {
                EscapeAction action = filter.Filter(input, output.AsSpan(0, input.Length + 1), out int read, out int written);
                result.Append(Encoding.ASCII.GetString(output, 0, written));
                if (action != EscapeAction.None) result.Append('<').Append(action).Append('>');
                input = input[read..];
            }
        }

        return result.ToString();
    }
}
