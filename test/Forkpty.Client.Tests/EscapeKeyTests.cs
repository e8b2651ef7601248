using Forkpty.Client;
using Xunit;

namespace Forkpty.Tests;

public sealed class EscapeKeyTests
{
    [Theory]
    [InlineData("~", (byte)'~')]
    [InlineData("^", (byte)'^')]
    [InlineData("%", (byte)'%')]
    [InlineData("^A", 1)]
    [InlineData("^a", 1)]
    [InlineData("^]", 0x1d)]
    [InlineData("^?", 0x7f)]
    [InlineData("none", 0)]
    public void A_key_is_a_character_or_control_and_a_character_or_none(string text, byte expected)
    {
        Assert.True(EscapeKey.TryParse(text, out EscapeKey key, out _));
        Assert.Equal(expected, key.Value);
        Assert.Equal(text.ToUpperInvariant(), key.ToString().ToUpperInvariant());
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData(" ")]
    [InlineData("ab")]
    [InlineData("ü")]
    [InlineData(".")]
    [InlineData("?")]
    [InlineData("^M")]
    [InlineData("^J")]
    [InlineData("^@")]
    [InlineData("^1")]
    public void Anything_else_is_explained(string? text)
    {
        Assert.False(EscapeKey.TryParse(text, out EscapeKey key, out string? error));
        Assert.False(key.IsOn);
        Assert.Contains("none", error, StringComparison.Ordinal);
    }
}
