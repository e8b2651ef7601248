using Xunit;

namespace Forkpty.Protocol.Tests;

public sealed class SessionNameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("7")]
    [InlineData("_")]
    [InlineData("work")]
    [InlineData("A.b_c-9")]
    [InlineData("_.-")]
    public void Letters_digits_dot_underscore_and_dash_make_a_name(string name) => Assert.True(SessionName.IsValid(name));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData(".hidden")]
    [InlineData("-option")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("a\n")]
    [InlineData("a\0")]
    [InlineData("\u001b[2J")]
    [InlineData("é")]
    [InlineData("٣")] // a digit, but none of ASCII
    [InlineData("ａ")] // a letter of full width
    [InlineData("a\u200b")]
    public void Anything_else_does_not(string? name) => Assert.False(SessionName.IsValid(name));

    [Fact]
    public void It_has_64_characters_at_most()
    {
        Assert.True(SessionName.IsValid(new string('x', 64)));
        Assert.False(SessionName.IsValid(new string('x', 65)));
    }

    [Fact]
    public void Of_all_characters_these_65_are_allowed()
    {
        char[] allowed = [.. Enumerable.Range(0, 65_536).Select(c => (char)c).Where(c => SessionName.IsValid("a" + c))];

        Assert.Equal([.. "-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"], allowed);
    }
}
