using System.Globalization;
using System.Text;

namespace Forkpty.Targets;

/// <summary>Names and commands of others must not speak to the terminal that shows them.</summary>
internal static class Readable
{
    /// <summary>The text with control characters, and those that turn or hide text, shown by name: <c>^[</c>, <c>\u202e</c>. Of a longer one the beginning.</summary>
    public static string Of(string text, int max = 256)
    {
        var visible = new StringBuilder(Math.Min(text.Length, max));
        foreach (Rune rune in Beginning(text, max).AsSpan().EnumerateRunes())
        {
            if (rune.Value < ' ' || rune.Value == '\x7f')
                visible.Append('^').Append((char)(rune.Value ^ 0x40));
            else if (Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                visible.Append("\\u").Append(rune.Value.ToString("x4", CultureInfo.InvariantCulture));
            else
                visible.Append(rune.ToString());
        }

        return text.Length > max ? visible.Append('…').ToString() : visible.ToString();
    }

    /// <summary>The beginning of a text, without half of a character at its end.</summary>
    public static string Beginning(string text, int max) =>
        text.Length <= max ? text : text[..(max - (char.IsHighSurrogate(text[max - 1]) ? 1 : 0))];
}
