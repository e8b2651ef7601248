using System.Diagnostics.CodeAnalysis;

namespace Forkpty.Options;

/// <summary>Every option, declared once: one file per category, <c>OptionTable.Router.cs</c> and so on.</summary>
internal static partial class OptionTable
{
    /// <summary>Built at the first look: field initialisers of a partial class have no order across its files.</summary>
    private static readonly Lazy<Option[]> AllOptions = new(Gather);

    private static readonly Lazy<Dictionary<string, Option>> ByName = new(Index);

    /// <summary>Every option, in the order of the documentation.</summary>
    public static IReadOnlyList<Option> All => AllOptions.Value;

    /// <summary>Every name and alias.</summary>
    public static IReadOnlyCollection<string> Names => ByName.Value.Keys;

    /// <summary>The option with this name or alias.</summary>
    public static bool TryFind(string name, [NotNullWhen(true)] out Option? option) => ByName.Value.TryGetValue(name, out option);

    /// <summary>The option with this short form, <c>l</c> for <c>-l</c>, among those of a verb; null is uWSGI's command line.</summary>
    public static Option? FindShort(char letter, Verb? verb)
    {
        foreach (var option in All)
            if (option.Short == letter && option.GoesWith(verb))
                return option;

        return null;
    }

    /// <summary>The options with an effect that are a verb's own or every verb's; null is uWSGI's command line.</summary>
    public static IEnumerable<Option> Of(Verb? verb)
    {
        foreach (var option in All)
            if (option.IsUseful && option.GoesWith(verb))
                yield return option;
    }

    /// <summary>The known name that an unknown one probably means; null where none is near.</summary>
    public static string? Nearest(string name) => NearestName.Find(name, NamesOf(All));

    /// <summary>As <see cref="Nearest(string)"/>, with the dashes of the command line; the options of the verb come first.</summary>
    public static string? Nearest(string name, Verb? verb) => (NearestName.Find(name, NamesOf(Of(verb))) ?? Nearest(name)) is { } nearest ? $"--{nearest}" : null;

    /// <summary>The options of one category, in the order of the documentation.</summary>
    public static IEnumerable<Option> In(OptionCategory category)
    {
        foreach (var option in All)
            if (option.Category == category)
                yield return option;
    }

    /// <summary>The title of a category's section.</summary>
    public static string Title(OptionCategory category) => category switch
    {
        OptionCategory.Router => "Router",
        OptionCategory.Session => "Terminal and sessions",
        OptionCategory.Client => "Client",
        OptionCategory.SharedPty => "Shared pty",
        OptionCategory.Jail => "Jail",
        OptionCategory.Process => "Process and log",
        OptionCategory.Configuration => "Configuration",
        OptionCategory.WithoutEffect => "Accepted, without effect",
        _ => "Refused",
    };

    /// <summary>The categories whose options do something, in the order of the documentation.</summary>
    public static ReadOnlySpan<OptionCategory> UsefulCategories =>
    [
        OptionCategory.Router, OptionCategory.Session, OptionCategory.Client, OptionCategory.SharedPty, OptionCategory.Jail,
        OptionCategory.Process, OptionCategory.Configuration,
    ];

    /// <summary>Every name of those that have an effect.</summary>
    public static IEnumerable<string> NamesOf(IEnumerable<Option> options)
    {
        foreach (var option in options)
        {
            if (!option.IsUseful)
                continue;
            yield return option.Name;
            foreach (var alias in option.Aliases)
                yield return alias;
        }
    }

    private static Option[] Gather() =>
    [
        ..RouterOptions, ..SessionOptions, ..ClientOptions, ..TargetOptions, ..SharedPtyOptions, ..JailOptions, ..ProcessOptions, ..ConfigurationOptions,
        ..OptionsWithoutEffect, ..RefusedOptions,
    ];

    private static Dictionary<string, Option> Index()
    {
        var byName = new Dictionary<string, Option>(512, StringComparer.Ordinal);
        foreach (var option in All)
        {
            byName.Add(option.Name, option);
            foreach (var alias in option.Aliases)
                byName.Add(alias, option);
        }

        return byName;
    }
}
