namespace Forkpty.Options;

/// <summary>The options among the words of a command line, with their values, before they are checked.</summary>
internal sealed class OptionWords
{
    /// <summary>Name and value, in order; an empty value where none was given.</summary>
    public List<(string Name, string Value)> Pairs { get; } = [];

    /// <summary>What is wrong with the form of the command line.</summary>
    public List<string> Complaints { get; } = [];

    public bool AsksFor(Option flag)
    {
        foreach (var (name, value) in Pairs)
            if (OptionTable.TryFind(name, out var option) && option == flag && OptionValue.TryFlag(value, out var on) && on)
                return true;

        return false;
    }

    public bool Has(Option option)
    {
        foreach (var (name, _) in Pairs)
            if (OptionTable.TryFind(name, out var given) && given == option)
                return true;

        return false;
    }

    /// <summary>Takes <c>--name</c>, <c>--name=value</c> or <c>--name value</c>.</summary>
    /// <returns>True where the next word was the value.</returns>
    public bool TakeLong(string word, string? next)
    {
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        if (equals >= 0)
        {
            Pairs.Add((word[..equals], word[(equals + 1)..]));
            return false;
        }

        return Take(word, next);
    }

    /// <summary>Takes <c>-l 100</c>, <c>-l100</c>, or flags in one word, <c>-Ma</c>.</summary>
    /// <returns>True where the next word was the value.</returns>
    public bool TakeShort(string letters, string? next, Verb? verb)
    {
        for (var index = 0; index < letters.Length; index++)
        {
            if (OptionTable.FindShort(letters[index], verb) is not { } option)
            {
                Complaints.Add(UnknownLetter(letters[index], verb));
                return false;
            }

            if (option.Kind == OptionKind.Flag)
            {
                Pairs.Add((option.Name, ""));
                continue;
            }

            if (index + 1 == letters.Length)
                return Take(option.Name, next);
            Pairs.Add((option.Name, letters[(index + 1)..]));
            return false;
        }

        return false;
    }

    private static string UnknownLetter(char letter, Verb? verb)
    {
        var near = new List<string>();
        foreach (var option in OptionTable.Of(verb))
            if (verb is not null && option.Verbs.Length > 0 && option.Name[0] == letter)
                near.Add($"--{option.Name}");
        var whose = verb is { } of ? $"{CommandLine.VerbNames[(int)of]} has" : "there is";
        var hint = near.Count > 0 ? $"the nearest is {OptionValue.Listed(near, "or")}" : $"fpty help {(verb is { } about ? CommandLine.VerbNames[(int)about] : "options")} lists them all";
        return $"-{letter}: {whose} no option of this letter; {hint}.";
    }

    private bool Take(string name, string? next)
    {
        if (!OptionTable.TryFind(name, out var option))
        {
            // An error anyway: the next word is probably its value, and must not become a second error.
            Pairs.Add((name, ""));
            return next is not null && !next.StartsWith('-');
        }

        if (option.Kind == OptionKind.Flag)
        {
            Pairs.Add((name, ""));
            return false;
        }

        var isValue = next is not null && (option.NeedsValue || IsOptionalValue(option, next));
        if (!isValue && option.NeedsValue)
            Complaints.Add($"--{name}: a value is missing, as in --{name} {option.Example ?? option.ValueName}.");
        else
            Pairs.Add((name, isValue ? next! : ""));
        return isValue;
    }

    /// <summary>Whether the word after an option that can do without a value is one: <c>--chmod-socket 660</c>, but not <c>--chmod-socket jail.ini</c>.</summary>
    private static bool IsOptionalValue(Option option, string word) =>
        option.Refused is not null ? !word.StartsWith('-') : OptionValue.Complaint(option, word) is null;
}
