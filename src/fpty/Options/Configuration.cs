using Forkpty.Client;

namespace Forkpty.Options;

/// <summary>
/// The resolved settings: checked, placeholders replaced, files before the command line, so that the last one wins. It never changes;
/// <see cref="WriteTo"/> and <see cref="ReadFrom"/> carry it into the jailed process.
/// </summary>
internal sealed partial class Configuration
{
    public static readonly Configuration Empty = new([], []);

    public Configuration(IReadOnlyList<Setting> settings, IReadOnlyList<string> notices) => (Settings, Notices) = (settings, notices);

    /// <summary>Every setting that was made, in order: those of files first, then those of the command line.</summary>
    public IReadOnlyList<Setting> Settings { get; }

    /// <summary>One line for each option that does nothing here and each placeholder that nothing defines. Not carried by <see cref="WriteTo"/>.</summary>
    public IReadOnlyList<string> Notices { get; }

    /// <summary>Reads the files again that were named on the command line, with what else was said there.</summary>
    /// <exception cref="ConfigurationException">A file is not there any more, or is wrong.</exception>
    public Configuration ReadAgain()
    {
        var reader = new ConfigurationReader();
        foreach (var setting in Settings)
            if (setting.Origin.IsCommandLine && !(setting.Option == OptionTable.Set && OptionTable.TryFind(setting.Value.Split('=')[0], out _))) // an option that is set so stands for itself
                reader.Add(setting.Name, setting.Value, setting.Origin);

        return reader.Build();
    }

    /// <summary>The same with what SIGHUP reads again (<see cref="Option.ReadAgain"/>) from another configuration; all else needs a restart, and so is not to come with an upgrade.</summary>
    public Configuration WithReadAgain(Configuration again)
    {
        var settings = new List<Setting>();
        foreach (var setting in Settings)
            if (!setting.Option.ReadAgain)
                settings.Add(setting);
        foreach (var setting in again.Settings)
            if (setting.Option.ReadAgain)
                settings.Add(setting);

        return new Configuration(settings, []);
    }

    /// <summary>The setting that counts: the last one of this option; null where it was not given.</summary>
    public Setting? Find(Option option)
    {
        for (var index = Settings.Count - 1; index >= 0; index--)
            if (Settings[index].Option == option)
                return Settings[index];

        return null;
    }

    /// <summary>
    /// What turned out wrong only at the start, with the place of the setting that it is about: a sentence that begins with it, <c>chroot = /srv: ...</c>, or says that
    /// nobody can listen on it.
    /// </summary>
    public string Placed(string sentence)
    {
        foreach (var setting in Settings)
        {
            var plain = $"{setting.Option.Name} = {setting.Value}:";
            if (sentence.StartsWith(plain, StringComparison.Ordinal))
                return $"{setting}{sentence.AsSpan(plain.Length - 1)}";
            if (sentence.Contains($" listen on {setting.Value}: ", StringComparison.Ordinal))
                return $"{setting}: {sentence}";
        }

        return sentence;
    }

    /// <summary>The options that another configuration has other values for.</summary>
    public List<Option> Differing(Configuration other)
    {
        var differing = new List<Option>();
        foreach (var setting in (IEnumerable<Setting>)[.. Settings, .. other.Settings])
            if (setting.Option.WithoutEffect is null && !differing.Contains(setting.Option) && !All(setting.Option).SequenceEqual(other.All(setting.Option)))
                differing.Add(setting.Option);

        return differing;
    }

    /// <summary>Whether the option was given, in a file or on the command line.</summary>
    public bool Has(Option option) => Find(option) is not null;

    /// <summary>The text of the option, or its default; null where it has neither.</summary>
    public string? Text(Option option) => Find(option)?.Value ?? option.Default;

    /// <summary>Whether the flag is on.</summary>
    public bool Flag(Option option) => OptionValue.TryFlag(Text(option) ?? "false", out var on) && on;

    /// <summary>The number, or the default; null where the option has neither.</summary>
    public int? Number(Option option) => Text(option) is { } text && OptionValue.TryNumber(text, out var number) ? number : null;

    /// <summary>The permission bits, 0 to 4095 (octal 7777); null where the option was not given.</summary>
    public int? Mode(Option option) => Text(option) is { } text && OptionValue.TryMode(text, out var mode) ? mode : null;

    /// <summary>The time, or the default; null where the option has neither. Zero means "never" where the option's help says so.</summary>
    public TimeSpan? Duration(Option option) => Text(option) is { } text && OptionValue.TryDuration(text, out var time) ? time : null;

    /// <summary>The key that asks for the client's attention.</summary>
    public EscapeKey EscapeKey => EscapeKey.TryParse(Text(OptionTable.Escape), out var key, out _) ? key : EscapeKey.Default;

    /// <summary>Every value of a repeated option, in order.</summary>
    public IReadOnlyList<string> All(Option option)
    {
        var values = new List<string>();
        foreach (var setting in Settings)
            if (setting.Option == option)
                values.Add(setting.Value);

        return values;
    }

    /// <summary>Every setting of a repeated option, in order, with its place.</summary>
    public IEnumerable<Setting> Each(Option option)
    {
        foreach (var setting in Settings)
            if (setting.Option == option)
                yield return setting;
    }

    /// <summary>The words of a comma list, over all occurrences, each once.</summary>
    public IReadOnlyList<string> Words(Option option)
    {
        var words = new List<string>();
        foreach (var value in All(option))
            foreach (var word in OptionValue.Choices(option, value))
                if (word.Length > 0 && !words.Contains(word))
                    words.Add(word);

        return words;
    }
}
