using System.Text;

namespace Forkpty.Options;

/// <summary>
/// Gathers settings from the command line and from ini files, replaces placeholders, checks, and gives a <see cref="Configuration"/> or one
/// <see cref="ConfigurationException"/> with all errors found. Used once.
/// </summary>
internal sealed class ConfigurationReader
{
    private const int MostSettings = 10_000;
    private const int MostFiles = 64;
    private const int DeepestInclude = 16;
    private const int MostErrorsShown = 20;

    private readonly List<RawSetting> _fromCommandLine = [];
    private readonly List<RawSetting> _fromFiles = [];
    private readonly Dictionary<string, RawSetting> _firstOfCommandLine = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RawSetting> _firstOfFiles = new(StringComparer.Ordinal);
    private readonly List<(string Path, RawSetting Source)> _filesToRead = [];
    private readonly List<OpenFile> _open = [];
    private readonly List<string> _errors = [];
    private readonly List<string> _notices = [];
    private readonly HashSet<Option> _noticed = [];
    private readonly Placeholders _placeholders;
    private int _filesRead;

    public ConfigurationReader() => _placeholders = new Placeholders(FindByName);

    /// <summary>A file on its way of includes.</summary>
    private sealed record OpenFile(string FullPath, string ShownAs, string? Section, MagicVariables Magic);

    /// <summary>Takes one setting, wherever it comes from. An empty value is that of a name alone.</summary>
    public void Add(string name, string value, Origin origin)
    {
        if (_fromCommandLine.Count + _fromFiles.Count >= MostSettings)
            throw new ConfigurationException($"{origin.Describe(name, value)}: there are more than {MostSettings} settings.");

        if (!OptionTable.TryFind(name, out var option))
        {
            // It may be a placeholder: Build knows, when every %(NAME) has been seen.
            Remember(new RawSetting(name, null, value, origin));
            return;
        }

        if (option.Refused is not null)
            Complain($"{origin.Describe(name, value)}: {name} is not available: {option.Refused}");
        else if (option.CommandLineOnly && !origin.IsCommandLine)
            Complain($"{origin.Describe(name, value)}: {name} is for the command line only.");
        else
            Remember(new RawSetting(name, option, value, origin));
    }

    /// <summary>Takes the complaint of whoever reads the command line, to be told together with the others.</summary>
    public void Complain(string sentence) => _errors.Add(Printable(sentence));

    /// <summary>Reads the files, and checks everything.</summary>
    /// <exception cref="ConfigurationException">Something is wrong: one line for each error.</exception>
    public Configuration Build()
    {
        // Files are read when the whole command line is known, because placeholders set there may be part of a path.
        foreach (var (path, source) in _filesToRead.ToArray())
            ReadFile(path, source);

        ReplacePlaceholders(_fromCommandLine);
        ReplacePlaceholders(_fromFiles);
        ComplainAboutUnknownNames();

        var settings = new List<Setting>(_fromFiles.Count + _fromCommandLine.Count);
        Check(_fromFiles, settings);
        Check(_fromCommandLine, settings);
        if (_errors.Count > 0)
            throw new ConfigurationException(ErrorText());
        return new Configuration(settings, _notices);
    }

    private void Remember(RawSetting setting)
    {
        var isCommandLine = setting.Origin.IsCommandLine;
        (isCommandLine ? _fromCommandLine : _fromFiles).Add(setting);
        (isCommandLine ? _firstOfCommandLine : _firstOfFiles).TryAdd(setting.Name, setting);

        if (setting.Option == OptionTable.Ini)
            Include(setting);
        else if (setting.Option == OptionTable.Set || setting.Option == OptionTable.SetPlaceholder)
            SetFrom(setting);
    }

    /// <summary><c>set = NAME=VALUE</c>: the option NAME, or a placeholder.</summary>
    private void SetFrom(RawSetting setting)
    {
        var equals = setting.Value.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
            return; // Check complains about the form.

        var (name, value) = (setting.Value[..equals], setting.Value[(equals + 1)..]);
        var isOption = OptionTable.TryFind(name, out _);
        if (isOption && setting.Option == OptionTable.SetPlaceholder)
            Complain($"{setting.Describe()}: {name} is an option and cannot be a placeholder.");
        else if (isOption)
            Add(name, value, setting.Origin);
        else
            Remember(new RawSetting(name, null, value, setting.Origin) { IsPlaceholder = true });
    }

    private void Include(RawSetting setting)
    {
        if (setting.Value.Length == 0)
            return; // Check complains about the missing value.
        if (setting.Origin.IsCommandLine)
            _filesToRead.Add((setting.Value, setting));
        else
            ReadFile(setting.Value, setting);
    }

    private void ReadFile(string written, RawSetting source)
    {
        try
        {
            ReadFile(Open(_placeholders.Replace(written, out _)));
        }
        catch (ConfigurationException failure)
        {
            var isNamedAlone = source.Origin.IsCommandLine && failure.Message.StartsWith(source.Value, StringComparison.Ordinal);
            Complain(isNamedAlone ? failure.Message : $"{source.Describe()}: {failure.Message}");
        }
    }

    private void ReadFile(OpenFile file)
    {
        _open.Add(file);
        try
        {
            foreach (var (name, raw, number) in IniFile.Read(file.FullPath, file.ShownAs, file.Section))
            {
                var origin = new Origin(file.ShownAs, number);
                var value = file.Magic.Replace(raw, out var complaint);
                if (complaint is not null && !IsWithoutEffect(name))
                    Complain($"{origin.Describe(name, raw)}: {complaint}");
                Add(name, value, origin);
            }
        }
        finally
        {
            _open.RemoveAt(_open.Count - 1);
        }
    }

    private OpenFile Open(string written)
    {
        if (written.Contains("://", StringComparison.Ordinal))
            throw new ConfigurationException("only files can be read, not addresses.");
        if (written.Contains('\0', StringComparison.Ordinal))
            throw new ConfigurationException("a path cannot contain a NUL byte.");

        var including = _open.Count > 0 ? _open[^1] : null;
        var (path, section) = SplitSection(written);
        if (path.Length == 0)
            path = including?.ShownAs ?? throw new ConfigurationException("the name of a file is missing before the colon.");
        else if (including is not null && !Path.IsPathRooted(path) && Path.Join(Path.GetDirectoryName(including.FullPath), path) is var beside && File.Exists(beside))
            path = beside;

        var fullPath = Path.GetFullPath(path);
        foreach (var file in _open)
            if (file.FullPath == fullPath && file.Section == section)
                throw new ConfigurationException($"{written} includes itself.");
        if (_open.Count >= DeepestInclude)
            throw new ConfigurationException($"includes go more than {DeepestInclude} files deep.");
        if (++_filesRead > MostFiles)
            throw new ConfigurationException($"more than {MostFiles} files are included.");

        var outermost = _open.Count > 0 ? _open[0].Magic : null;
        return new OpenFile(fullPath, path, section, new MagicVariables(path, section ?? "", outermost));
    }

    /// <summary><c>FILE:SECTION</c>; a file whose own name has the colon goes first.</summary>
    private static (string Path, string? Section) SplitSection(string written)
    {
        var colon = written.LastIndexOf(':');
        if (colon < 0 || File.Exists(written))
            return (written, null);
        return (written[..colon], colon + 1 < written.Length ? written[(colon + 1)..] : null);
    }

    /// <summary>The first setting of this name counts as the placeholder, and the command line before the files, as in uWSGI.</summary>
    private RawSetting? FindByName(string name) =>
        _firstOfCommandLine.TryGetValue(name, out var setting) || _firstOfFiles.TryGetValue(name, out setting) ? setting : null;

    private void ReplacePlaceholders(List<RawSetting> settings)
    {
        foreach (var setting in settings)
        {
            // The values of set are those of the placeholders, which stand in the list for themselves.
            if (setting.Option == OptionTable.Set || setting.Option == OptionTable.SetPlaceholder)
                continue;

            try
            {
                var replaced = _placeholders.Replace(setting.Value, out var unknown);
                if (unknown is not null && setting.Option is { WithoutEffect: null })
                    Notice($"{setting.Describe()}: nothing is called {unknown}, so %({unknown}) stays as it stands.");
                setting.Value = replaced;
            }
            catch (ConfigurationException failure)
            {
                if (setting.Option is not { WithoutEffect: not null })
                    Complain($"{setting.Describe()}: {failure.Message}");
            }
        }
    }

    private void ComplainAboutUnknownNames()
    {
        var strict = IsOn(_fromFiles, OptionTable.Strict) || IsOn(_fromCommandLine, OptionTable.Strict);
        foreach (var setting in _fromFiles)
            if (setting.Option is null && !setting.IsPlaceholder && (strict || !IsUsed(setting.Name)))
                Complain(Unknown(setting.Name, setting.Origin));
    }

    private bool IsUsed(string name) => FindByName(name) is { Used: true };

    private static bool IsOn(List<RawSetting> settings, Option flag)
    {
        foreach (var setting in settings)
            if (setting.Option == flag && OptionValue.TryFlag(setting.Value, out var on) && on)
                return true;

        return false;
    }

    private void Check(List<RawSetting> from, List<Setting> into)
    {
        foreach (var raw in from)
        {
            if (raw.Option is not { } option)
                continue;
            if (option.WithoutEffect is not null)
            {
                if (_noticed.Add(option))
                    Notice($"{raw.Describe()}: {raw.Name} does nothing here: {option.WithoutEffect}");
                continue;
            }

            var value = Normalized(option, raw.Value);
            if (OptionValue.Complaint(option, value) is { } complaint)
                Complain($"{raw.Describe()}: {complaint}");
            else
                into.Add(new Setting(option, raw.Name, value, raw.Origin));
        }
    }

    /// <summary>Flags become true or false. With its own options uWSGI takes 1 for "no value" where a value can be left out.</summary>
    private static string Normalized(Option option, string value)
    {
        if (option.Kind == OptionKind.Flag && OptionValue.TryFlag(value, out var on))
            return on ? "true" : "false";
        if (option.ValueIfBare is not null && (value.Length == 0 || (value == "1" && !option.OnlyHere)))
            return option.ValueIfBare;
        return value;
    }

    private static string Unknown(string name, Origin origin)
    {
        var nearest = OptionTable.Nearest(name);
        var hint = nearest is not null ? $"the nearest is {nearest}." : "fpty help options lists them all.";
        return $"{origin.Describe(name, null)}: there is no option of this name; {hint}";
    }

    private static bool IsWithoutEffect(string name) => OptionTable.TryFind(name, out var option) && option.WithoutEffect is not null;

    private void Notice(string sentence) => _notices.Add(Printable(sentence));

    private string ErrorText()
    {
        var text = new StringBuilder();
        for (var index = 0; index < _errors.Count && index < MostErrorsShown; index++)
            text.Append(index == 0 ? "" : "\n").Append(_errors[index]);
        if (_errors.Count > MostErrorsShown)
            text.Append('\n').Append($"... and {_errors.Count - MostErrorsShown} more errors.");
        return text.ToString();
    }

    /// <summary>A file must not speak to the terminal that shows its errors: control characters are shown as ?.</summary>
    private static string Printable(string sentence) =>
        string.Create(sentence.Length, sentence, static (characters, text) =>
        {
            for (var index = 0; index < text.Length; index++)
                characters[index] = char.IsControl(text[index]) ? '?' : text[index];
        });
}
