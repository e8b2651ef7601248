using System.Globalization;

namespace Forkpty.Protocol;

/// <summary>Which names sessions may have: 1 to 64 characters of <c>A-Z a-z 0-9 . _ -</c>, the first one neither dot nor dash. So a name is safe in a shell, a path and a log.</summary>
public static class SessionName
{
    /// <summary>The longest name.</summary>
    public const int MaxLength = 64;

    /// <summary>Whether a text is a name.</summary>
    /// <param name="text">What somebody wrote.</param>
    public static bool IsValid(string? text)
    {
        if (text is not { Length: >= 1 and <= MaxLength } || text[0] is '.' or '-') return false;
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-')) return false;
        }

        return true;
    }

    /// <summary>Whether a text is a number, by which sessions without a name are called, and so no new session can be.</summary>
    /// <param name="text">What somebody wrote.</param>
    /// <param name="number">The number.</param>
    public static bool TryNumber(string? text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
