using Xunit;

namespace Forkpty.Screen.Tests;

public sealed class WidthTests
{
    [Fact]
    public void Every_character_is_as_wide_as_in_xterm_js()
    {
        string widths = OracleProcess.Shared.Ask("widths")!;
        for (int code = 0x20; code < 0x110000; code++)
        {
            char expected = widths[code - 0x20];
            if (expected != '-')
                Assert.True(expected - '0' == Widths.Of(code), $"U+{code:X4}: {expected} in the oracle, {Widths.Of(code)} here");
        }
    }
}
