using Xunit;

namespace Forkpty.Screen.Tests;

public sealed class WidthTests
{
    /// <summary>First and last of what Unicode 13 to 15.1 added or changed, which the oracle takes for one column, or for more or less: marks of scripts.</summary>
    private static readonly (int First, int Last)[] NewerMarks =
    [
        (0x890, 0x891), (0x898, 0x89F), (0x8CA, 0x8D2), (0xB55, 0xB55), (0xC3C, 0xC3C), (0xD81, 0xD81), (0xECE, 0xECE), (0x180F, 0x180F), (0x1ABF, 0x1ACE),
        (0x1DFA, 0x1DFA), (0xA82C, 0xA82C), (0xD7B0, 0xD7FB), (0x10EAB, 0x10EAC), (0x10EFD, 0x10EFF), (0x10F82, 0x10F85), (0x11070, 0x11070),
        (0x11073, 0x11074), (0x110C2, 0x110C2), (0x111CF, 0x111CF), (0x11241, 0x11241), (0x1193B, 0x1193C), (0x1193E, 0x1193E), (0x11943, 0x11943),
        (0x11F00, 0x11F01), (0x11F36, 0x11F3A), (0x11F40, 0x11F40), (0x11F42, 0x11F42), (0x13439, 0x13440), (0x13447, 0x13455), (0x16FE4, 0x16FE4),
        (0x1CF00, 0x1CF2D), (0x1CF30, 0x1CF46), (0x1E08F, 0x1E08F), (0x1E2AE, 0x1E2AE), (0x1E4EC, 0x1E4EF),
    ];

    /// <summary>In the same way: Tangut, kana, signs of Han, emoji.</summary>
    private static readonly (int First, int Last)[] NewerWide =
    [
        (0x2FFC, 0x2FFF), (0x31BB, 0x31BF), (0x31EF, 0x31EF), (0x16FF0, 0x16FF1), (0x18AF3, 0x18CD5), (0x18D00, 0x18D08), (0x1AFF0, 0x1AFF3),
        (0x1AFF5, 0x1AFFB), (0x1AFFD, 0x1AFFE), (0x1B11F, 0x1B122), (0x1B132, 0x1B132), (0x1B155, 0x1B155), (0x1F6D6, 0x1F6D7), (0x1F6DC, 0x1F6DF),
        (0x1F6FB, 0x1F6FC), (0x1F7F0, 0x1F7F0), (0x1F90C, 0x1F90C), (0x1F972, 0x1F972), (0x1F977, 0x1F979), (0x1F9A3, 0x1F9A4), (0x1F9AB, 0x1F9AD),
        (0x1F9CB, 0x1F9CC), (0x1FA74, 0x1FA77), (0x1FA7B, 0x1FA7C), (0x1FA83, 0x1FA88), (0x1FA96, 0x1FABD), (0x1FABF, 0x1FAC5), (0x1FACE, 0x1FADB),
        (0x1FAE0, 0x1FAE8), (0x1FAF0, 0x1FAF8),
    ];

    /// <summary>In the same way: a vowel that became a letter, and two emoji that are none.</summary>
    private static readonly (int First, int Last)[] NewerNarrow = [(0x1734, 0x1734), (0x1F93B, 0x1F93B), (0x1F946, 0x1F946)];

    [Fact]
    public void Every_character_is_as_wide_as_in_xterm_js_unless_Unicode_added_or_changed_it_since()
    {
        string widths = OracleProcess.Shared.Ask("widths")!;
        for (int code = 0x20; code < 0x110000; code++)
        {
            char expected = widths[code - 0x20];
            if (expected != '-')
                Assert.True(WidthOf(code, expected - '0') == Widths.Of(code), $"U+{code:X4}: {WidthOf(code, expected - '0')} expected, {Widths.Of(code)} here");
        }
    }

    private static int WidthOf(int code, int inOracle)
    {
        if (IsIn(NewerMarks, code))
            return 0;
        if (IsIn(NewerWide, code))
            return 2;
        return IsIn(NewerNarrow, code) ? 1 : inOracle;
    }

    private static bool IsIn((int First, int Last)[] ranges, int code) => ranges.Any(range => code >= range.First && code <= range.Last);
}
