using System.Globalization;

namespace Forkpty.Options;

/// <summary>
/// Replaces <c>$(VARIABLE)</c>, <c>@(FILE)</c> and <c>%(NAME)</c>, in this order, as uWSGI does: what comes in is looked at again; what nothing defines
/// stays as it stands; <c>%(a b)</c> joins two values and <c>%(a + 1)</c> computes. Bounded in the number and in the size of replacements.
/// </summary>
internal sealed class Placeholders(Func<string, RawSetting?> find)
{
    private const int MostReplacementsInOneValue = 1_000;

    /// <summary>4 Mi characters over all values: a file whose placeholders multiply each other ends here, within about 10 ms.</summary>
    private const int MostCharactersInAll = 4 * 1024 * 1024;

    private long _charactersSoFar;

    /// <summary>The value with every placeholder replaced that has a meaning.</summary>
    /// <param name="value">The value.</param>
    /// <param name="unknown">The first %(NAME) that nothing defines; null where there is none.</param>
    /// <exception cref="ConfigurationException">A file cannot be read, or the value grows without end. The message is the end of a sentence.</exception>
    public string Replace(string value, out string? unknown)
    {
        unknown = null;
        string? ignored = null;
        value = Pass('$', value, EnvironmentVariable, ref ignored);
        value = Pass('@', value, Contents, ref ignored);
        return Pass('%', value, Reference, ref unknown);
    }

    private string Pass(char symbol, string value, Func<string, string?> meaning, ref string? unknown)
    {
        var replacements = 0;
        var from = 0;
        while (NextOpening(value, symbol, from) is var start and >= 0)
        {
            var end = Closing(value, start + 2);
            if (end < 0)
                break;

            var inside = value[(start + 2)..end];
            if (inside.Length == 0 || meaning(inside) is not { } replacement)
            {
                unknown ??= inside;
                from = end + 1;
                continue;
            }

            if (++replacements > MostReplacementsInOneValue)
                throw new ConfigurationException($"{symbol}({inside}) leads back to itself, or the value has more than {MostReplacementsInOneValue} placeholders.");
            value = string.Concat(value.AsSpan(0, start), replacement, value.AsSpan(end + 1));
            _charactersSoFar += value.Length;
            if (value.Length > OptionValue.LongestValue || _charactersSoFar > MostCharactersInAll)
                throw new ConfigurationException($"with its placeholders replaced the value is too long; {OptionValue.LongestValue} characters are the limit.");
            from = start;
        }

        return value;
    }

    private static int NextOpening(string value, char symbol, int from)
    {
        for (var index = from; index + 1 < value.Length; index++)
            if (value[index] == symbol && value[index + 1] == '(')
                return index;

        return -1;
    }

    private static int Closing(string value, int from)
    {
        var depth = 0;
        for (var index = from; index < value.Length; index++)
        {
            if (value[index] == '(')
                depth++;
            else if (value[index] == ')' && depth-- == 0)
                return index;
        }

        return -1;
    }

    /// <summary><c>$(NAME)</c>, or <c>$(NAME:-TEXT)</c> for a text where the variable is unset or empty.</summary>
    private static string? EnvironmentVariable(string name)
    {
        var otherwise = name.IndexOf(":-", StringComparison.Ordinal);
        if (otherwise < 0)
            return name.Contains('\0', StringComparison.Ordinal) ? null : Environment.GetEnvironmentVariable(name);

        var value = otherwise == 0 ? null : EnvironmentVariable(name[..otherwise]);
        return string.IsNullOrEmpty(value) ? name[(otherwise + 2)..] : value;
    }

    /// <summary><c>@(FILE)</c>: what the file holds, without a newline at its end.</summary>
    private static string Contents(string path)
    {
        if (path.Contains("://", StringComparison.Ordinal))
            throw new ConfigurationException($"@({path}): only files can be read, not addresses.");

        var text = TextFile.Read(path, OptionValue.LongestValue);
        return text.EndsWith('\n') ? text[..^1] : text;
    }

    private string? Reference(string expression) =>
        expression.Contains(' ', StringComparison.Ordinal) ? Compute(expression) : ValueOf(expression);

    private string? ValueOf(string name)
    {
        if (find(name) is not { } setting)
            return null;

        setting.Used = true;
        return setting.Value;
    }

    /// <summary>Words joined from left to right; an operator before a word computes with whole numbers instead, as uWSGI does.</summary>
    private string Compute(string expression)
    {
        var result = "";
        var operation = "";
        foreach (var word in expression.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (word is "+" or "-" or "*" or "/")
            {
                operation = word;
                continue;
            }

            if (word is "++" or "--")
            {
                result = Text(Whole(result) + (word == "++" ? 1 : -1));
                operation = "";
                continue;
            }

            var operand = IsNumber(word) ? word : ValueOf(word) ?? "";
            result = operation switch
            {
                "+" => Text(unchecked(Whole(result) + Whole(operand))),
                "-" => Text(unchecked(Whole(result) - Whole(operand))),
                "*" => Text(unchecked(Whole(result) * Whole(operand))),
                // By 0 gives 0, as in uWSGI; by -1 is a product, because the least number has no positive twin.
                "/" => Text(Whole(operand) is 0 or -1 ? unchecked(Whole(operand) * Whole(result)) : Whole(result) / Whole(operand)),
                _ => result + operand,
            };
            if (result.Length > OptionValue.LongestValue)
                throw new ConfigurationException($"%({expression}) is too long; {OptionValue.LongestValue} characters are the limit.");
            operation = "";
        }

        return result;
    }

    private static bool IsNumber(string word)
    {
        foreach (var character in word)
            if (!char.IsAsciiDigit(character))
                return false;

        return true;
    }

    /// <summary>The number at the beginning of a text; 0 where there is none.</summary>
    private static long Whole(string text)
    {
        var length = text.StartsWith('-') ? 1 : 0;
        while (length < text.Length && char.IsAsciiDigit(text[length]))
            length++;
        return long.TryParse(text.AsSpan(0, length), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
