using System.Globalization;
using Forkpty.Client;
using Forkpty.Protocol;
using Forkpty.Targets;

namespace Forkpty.Options;

/// <summary>The values of options: what is allowed, and what the text means.</summary>
internal static class OptionValue
{
    /// <summary>128 KiB: what the kernel takes for one argument or environment variable (MAX_ARG_STRLEN).</summary>
    public const int LongestValue = 131_072;

    /// <summary>The end of a sentence about how long a time may be: <see cref="OnDisconnect.Longest"/>.</summary>
    public const string LongestTime = "at most 24 days (576h)";

    /// <summary>The end of a sentence about what is no name of a session.</summary>
    public const string NameAllowed = "a session's name has 1 to 64 letters, digits, dots, underscores and dashes, and does not begin with a dot or a dash.";

    private const string NoNumber = "a number is what sessions without a name are called by; a name has a letter in it.";

    /// <summary>What is wrong with this value for this option, as the end of a sentence; null where it is fine.</summary>
    public static string? Complaint(Option option, string value)
    {
        if (value.Contains('\0', StringComparison.Ordinal))
            return "a value cannot contain a NUL byte.";
        if (value.Length > LongestValue)
            return $"a value can have at most {LongestValue} characters.";

        return option.Kind switch
        {
            OptionKind.Flag => TryFlag(value, out _) ? null : "it is switched with true, yes, on, 1 or false, no, off, 0.",
            OptionKind.Number => TryNumber(value, out var number) && number >= option.Least && number <= option.Most ? null : NumberAllowed(option),
            OptionKind.Mode => TryMode(value, out _) ? null : "permissions are three or four octal digits, as 660.",
            OptionKind.Duration => value == option.ValueIfBare || TryDuration(value, out _) ? null : $"a time is a whole number of seconds, or one with the unit ms, s, m or h, as 90 or 500ms, and {LongestTime}.",
            OptionKind.Choice => Array.IndexOf(option.Words, value) >= 0 ? null : $"allowed are {Listed(option.Words)}.",
            OptionKind.Choices => WrongChoice(option, value),
            OptionKind.Assignment => value.IndexOf('=', StringComparison.Ordinal) > 0 ? null : "this needs the form NAME=VALUE.",
            OptionKind.Address => RouterAddress.TryParse(value, out _, out var error) ? null : $"{error}.",
            OptionKind.Key => EscapeKey.TryParse(value, out _, out var wrong) ? null : $"{wrong}.",
            OptionKind.SessionName => !SessionName.IsValid(value) ? NameAllowed : SessionName.TryNumber(value, out _) ? NoNumber : null,
            OptionKind.Disconnect => OnDisconnect.TryParse(value, out _) ? null : "allowed are hup, keep, keep=TIME as keep=30m, and kill.",
            OptionKind.Targets => TargetPatterns.Complaint(value),
            OptionKind.Signal => SignalName.TryParse(value, out _) ? null : "this is the name of a signal, as TERM, or its number from 1 to 64.",
            _ => !string.IsNullOrWhiteSpace(value) ? null : "a value is missing.",
        };
    }

    public static bool TryFlag(string value, out bool on)
    {
        on = value is "" or "1" || Same(value, "true") || Same(value, "yes") || Same(value, "on");
        return on || value == "0" || Same(value, "false") || Same(value, "no") || Same(value, "off");
    }

    public static bool TryNumber(string value, out int number) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    public static bool TryMode(string value, out int mode)
    {
        mode = 0;
        if (value.Length is < 3 or > 4)
            return false;

        foreach (var digit in value)
        {
            if (digit is < '0' or > '7')
                return false;
            mode = (mode << 3) + (digit - '0');
        }

        return true;
    }

    /// <summary>At most 24 days, <see cref="OnDisconnect.Longest"/>.</summary>
    public static bool TryDuration(string value, out TimeSpan duration)
    {
        duration = default;
        var digits = 0;
        while (digits < value.Length && char.IsAsciiDigit(value[digits]))
            digits++;
        if (!TryNumber(value[..digits], out var number))
            return false;

        long? unit = value[digits..] switch
        {
            "ms" => 1,
            "" or "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            _ => null,
        };
        if (unit is null || number * unit > OnDisconnect.Longest.TotalMilliseconds)
            return false;

        duration = TimeSpan.FromMilliseconds(number * unit.Value);
        return true;
    }

    /// <summary>The words of a comma list, synonyms replaced.</summary>
    public static IEnumerable<string> Choices(Option option, string value)
    {
        foreach (var part in value.Split(','))
        {
            var word = part.Trim();
            foreach (var (other, meant) in option.Synonyms)
                if (word == other)
                    word = meant;
            yield return word;
        }
    }

    private static string? WrongChoice(Option option, string value)
    {
        foreach (var word in Choices(option, value))
            if (Array.IndexOf(option.Words, word) < 0)
                return $"allowed are {Listed(option.Words)}, several of them separated by commas.";

        return null;
    }

    private static string NumberAllowed(Option option) =>
        option.Most == int.MaxValue ? $"this is a whole number, {option.Least} or more." : $"this is a whole number from {option.Least} to {option.Most}.";

    /// <summary>As one says it: <c>a, b and c</c>.</summary>
    public static string Listed(IReadOnlyList<string> words, string last = "and")
    {
        var text = words[0];
        for (var index = 1; index < words.Count; index++)
            text += $"{(index < words.Count - 1 ? "," : $" {last}")} {words[index]}";
        return text;
    }

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
