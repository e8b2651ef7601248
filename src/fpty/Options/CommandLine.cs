using Forkpty.Protocol;
using Forkpty.Serving;
using Forkpty.Targets;

namespace Forkpty.Options;

/// <summary>
/// A command line, understood: <c>fpty [VERB] [ARGUMENT ...] [--option [VALUE] ...] [-- COMMAND ...]</c>. Without a verb it is uWSGI's: it serves, or connects
/// where pty-connect or pty-uconnect is given.
/// </summary>
/// <param name="Verb">What is asked for.</param>
/// <param name="Arguments">The words that are neither verb nor option: a topic, a session's name, an address, files.</param>
/// <param name="Configuration">The resolved settings; empty for help, version and docs. A client's address is among them.</param>
internal sealed record CommandLine(Verb Verb, IReadOnlyList<string> Arguments, Configuration Configuration)
{
    /// <summary>The verbs, as they are written.</summary>
    public static readonly string[] VerbNames = ["serve", "connect", "attach", "ps", "detach", "kill", "events", "upgrade", "doctor", "orphans", "try", "help", "version", "docs"];

    /// <summary>The words after <c>--</c>, untouched, where the verb takes a command; else none.</summary>
    public IReadOnlyList<string> Command { get; private init; } = [];

    /// <summary>Understands the arguments of the program, and reads the files they name.</summary>
    /// <exception cref="ConfigurationException">They cannot be understood, or a file is wrong.</exception>
    public static CommandLine Parse(ReadOnlySpan<string> arguments)
    {
        if (arguments is ["help", .. var topics])
            return new CommandLine(Verb.Help, topics.ToArray(), Configuration.Empty); // a topic may begin with dashes
        var words = new List<string>();
        var options = ReadWords(arguments, words, out var afterDashes);

        var verb = VerbOf(words);
        var rest = verb is null ? words : words[1..];
        if (verb is null && words.Count > 0 && !LooksLikeAFile(words[0]))
            throw new ConfigurationException(UnknownVerb(words[0])); // what else there is depends on it
        if (options.AsksFor(OptionTable.Version))
            return new CommandLine(Verb.Version, rest, Configuration.Empty);
        if (options.AsksFor(OptionTable.Help))
            return new CommandLine(Verb.Help, verb is null ? [] : words[..1], Configuration.Empty);

        var reader = new ConfigurationReader();
        TakeOptions(options, verb, reader);
        var command = TakeCommand(verb, afterDashes, rest);
        switch (verb)
        {
            case Verb.Doctor: TakeTarget(rest, reader); break;
            case Verb.Orphans or Verb.Docs: break;
            case Verb.Ps when rest.Count == 0 && DefaultAddress.ForClient() is null: break; // there are targets still
            case Verb.Connect when options.Has(OptionTable.Connect) || options.Has(OptionTable.UwsgiConnect): TakeNothing(verb.Value, rest, "it has its address already", reader); break;
            case Verb.Connect or Verb.Ps or Verb.Events or Verb.Upgrade: TakeAddress(verb.Value, rest, 0, options.AsksFor(OptionTable.Raw), reader); break;
            case Verb.Attach when rest.Count == 1: TakeDefaultAddress(reader); break; // a session or a target: what there is tells
            case Verb.Attach when rest.Count == 2 && TargetName.IsOfAKind(rest[0]): TakeAddress(verb.Value, rest, 1, raw: false, reader); break;
            case Verb.Attach or Verb.Detach or Verb.Kill: TakeName(verb.Value, rest, reader); break;
            case Verb.Try: TakeNothing(verb.Value, rest, "it takes options only", reader); break;
            case Verb.Version or Verb.Help: TakeNothing(verb.Value, rest, "nothing can follow it", reader); break;
            default: TakeFiles(rest, reader); break;
        }

        var configuration = reader.Build();
        var connects = verb is null && (configuration.Has(OptionTable.Connect) || configuration.Has(OptionTable.UwsgiConnect));
        return new CommandLine(connects ? Verb.Connect : verb ?? Verb.Serve, rest, configuration) { Command = command };
    }

    private static Verb? VerbOf(List<string> words) => words.Count > 0 && Array.IndexOf(VerbNames, words[0]) is >= 0 and var index ? (Verb)index : null;

    // afterDashes: what follows "--", null where there is none.
    private static OptionWords ReadWords(ReadOnlySpan<string> arguments, List<string> words, out string[]? afterDashes)
    {
        afterDashes = null;
        var options = new OptionWords();
        for (var index = 0; index < arguments.Length; index++)
        {
            var argument = arguments[index];
            if (argument == "--")
            {
                afterDashes = arguments[(index + 1)..].ToArray();
                break;
            }

            var next = index + 1 < arguments.Length && arguments[index + 1] != "--" ? arguments[index + 1] : null;
            if (argument.StartsWith("--", StringComparison.Ordinal))
                index += options.TakeLong(argument[2..], next) ? 1 : 0;
            else if (argument.Length > 1 && argument[0] == '-')
                index += options.TakeShort(argument[1..], next, VerbOf(words)) ? 1 : 0;
            else
                words.Add(argument);
        }

        return options;
    }

    private static void TakeOptions(OptionWords options, Verb? verb, ConfigurationReader reader)
    {
        foreach (var complaint in options.Complaints)
            reader.Complain(complaint);
        foreach (var (name, value) in options.Pairs)
        {
            if (!OptionTable.TryFind(name, out var option))
                reader.Complain($"--{name}: there is no option of this name; {(OptionTable.Nearest(name, verb) is { } nearest ? $"the nearest is {nearest}." : "fpty help options lists them all.")}");
            else if (OneThatIsSet(option, value) is { Refused: null } meant && !meant.GoesWith(verb))
                reader.Complain($"--{(meant == option ? name : meant.Name)} goes with the verb {OptionValue.Listed(Array.ConvertAll(meant.Verbs, goesWith => VerbNames[(int)goesWith]), "or")} only.");
            else
                reader.Add(name, value, Origin.CommandLine);
        }
    }

    /// <summary>Of <c>--set NAME=VALUE</c> the option NAME.</summary>
    private static Option OneThatIsSet(Option option, string value) =>
        option == OptionTable.Set && OptionTable.TryFind(value.Split('=')[0], out var named) ? named : option;

    /// <summary>A session's command; for other verbs the dashes only say that no options follow.</summary>
    private static string[] TakeCommand(Verb? verb, string[]? afterDashes, List<string> rest)
    {
        if (verb is Verb.Connect or Verb.Attach)
            return afterDashes ?? [];
        rest.AddRange(afterDashes ?? []);
        return [];
    }

    private static void TakeName(Verb verb, List<string> rest, ConfigurationReader reader)
    {
        var verbName = VerbNames[(int)verb];
        if (rest.Count == 0)
            reader.Complain($"{verbName}: the name of a session is missing, as in fpty {verbName} build; fpty ps lists them.");
        else if (!SessionName.IsValid(rest[0]))
            reader.Complain($"{verbName} {rest[0]}: {OptionValue.NameAllowed} The name comes before the address.");
        else
            TakeAddress(verb, rest, 1, raw: false, reader);
    }

    /// <summary>The address of a router, which may be left out where it is the default one.</summary>
    private static void TakeAddress(Verb verb, List<string> rest, int before, bool raw, ConfigurationReader reader)
    {
        var verbName = VerbNames[(int)verb];
        if (rest.Count > before + 1)
            reader.Complain($"{verbName} {string.Join(' ', rest)}: one address is enough{(verb is Verb.Connect or Verb.Attach ? "; a command comes after --" : "")}.");
        else if (rest.Count > before && OptionTable.TryFind(rest[before], out var option) && option.GoesWith(verb) && !File.Exists(rest[before]))
            reader.Complain($"{verbName} {string.Join(' ', rest)}: an option has dashes: --{option.Name}.");
        else if (rest.Count == before && raw)
            reader.Complain($"{verbName} --raw: the address of a router is missing, as in fpty connect --raw /run/fpty.socket.");
        else if (rest.Count > before)
            reader.Add((raw ? OptionTable.Connect : OptionTable.UwsgiConnect).Name, rest[before], Origin.CommandLine);
        else if (DefaultAddress.ForClient() is { } address)
            reader.Add(OptionTable.UwsgiConnect.Name, address, Origin.CommandLine);
        else
            reader.Complain($"{verbName}: {DefaultAddress.Missing}");
    }

    private static void TakeTarget(List<string> rest, ConfigurationReader reader)
    {
        if (rest.Count != 1)
            reader.Complain($"doctor{string.Concat(rest.ConvertAll(word => $" {word}"))}: the name of one target is needed, as in fpty doctor podman:web; fpty ps lists them.");
    }

    private static void TakeDefaultAddress(ConfigurationReader reader)
    {
        if (DefaultAddress.ForClient() is { } address)
            reader.Add(OptionTable.UwsgiConnect.Name, address, Origin.CommandLine);
    }

    private static void TakeNothing(Verb verb, List<string> rest, string reason, ConfigurationReader reader)
    {
        if (rest.Count > 0)
            reader.Complain($"{VerbNames[(int)verb]} {string.Join(' ', rest)}: {reason}.");
    }

    private static void TakeFiles(List<string> rest, ConfigurationReader reader)
    {
        foreach (var file in rest)
            reader.Add(OptionTable.Ini.Name, file, Origin.CommandLine);
    }

    private static bool LooksLikeAFile(string word) => word.AsSpan().IndexOfAny("./:") >= 0 || File.Exists(word);

    private static string UnknownVerb(string word)
    {
        var nearest = NearestName.Find(word, VerbNames) ?? OptionTable.Nearest(word, null);
        var hint = nearest is not null ? $"the nearest is {nearest}." : "fpty help lists the commands.";
        return $"{word}: there is no command and no file of this name; {hint}";
    }
}
