using System.Globalization;
using System.Text;

namespace Forkpty.Targets;

/// <summary>Names and commands of others must not speak to the terminal that shows them.</summary>
internal static class Readable
{
    /// <summary>The text with control characters, and those that turn or hide text, shown by name: <c>^[</c>, <c>\u202e</c>. At most <paramref name="max"/> characters of it.</summary>
    public static string Of(string text, int max = 256)
    {
        var visible = new StringBuilder(Math.Min(text.Length, max));
        foreach (char c in text.AsSpan(0, Math.Min(text.Length, max)))
        {
            if (c < ' ' || c == '\x7f')
                visible.Append('^').Append((char)(c ^ 0x40));
            else if (char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate)
                visible.Append(char.IsSurrogate(c) ? "\ufffd" : $"\\u{((int)c).ToString("x4", CultureInfo.InvariantCulture)}");
            else
                visible.Append(c);
        }

        return text.Length > max ? visible.Append('…').ToString() : visible.ToString();
    }
}
