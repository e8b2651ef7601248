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
        var words = new List<string>();
        var options = ReadWords(arguments, words, out var afterDashes);

        Verb? verb = words.Count > 0 && Array.IndexOf(VerbNames, words[0]) is >= 0 and var index ? (Verb)index : null;
        var rest = verb is null ? words : words[1..];
        if (options.AsksFor(OptionTable.Version) || verb == Verb.Version)
            return new CommandLine(Verb.Version, rest, Configuration.Empty);
        if (options.AsksFor(OptionTable.Help))
            return new CommandLine(Verb.Help, verb is null ? [] : words[..1], Configuration.Empty);
        if (verb is Verb.Help or Verb.Docs)
            return new CommandLine(verb.Value, rest, Configuration.Empty);

        var reader = new ConfigurationReader();
        TakeOptions(options, verb, reader);
        var command = TakeCommand(verb, afterDashes, rest);
        switch (verb)
        {
            case Verb.Doctor: TakeTarget(rest, reader); break;
            case Verb.Orphans: break;
            case Verb.Ps when rest.Count == 0 && DefaultAddress.ForClient() is null: break; // there are targets still
            case Verb.Connect or Verb.Ps or Verb.Events or Verb.Upgrade: TakeAddress(verb.Value, rest, 0, options.AsksFor(OptionTable.Raw), reader); break;
            case Verb.Attach when rest.Count == 1: TakeDefaultAddress(reader); break; // a session or a target: what there is tells
            case Verb.Attach when rest.Count == 2 && TargetName.IsOfAKind(rest[0]): TakeAddress(verb.Value, rest, 1, raw: false, reader); break;
            case Verb.Attach or Verb.Detach or Verb.Kill: TakeName(verb.Value, rest, reader); break;
            case Verb.Try: TakeNothing(rest, reader); break;
            default: TakeFiles(rest, verb is null, reader); break;
        }

        var configuration = reader.Build();
        var connects = verb is null && (configuration.Has(OptionTable.Connect) || configuration.Has(OptionTable.UwsgiConnect));
        return new CommandLine(connects ? Verb.Connect : verb ?? Verb.Serve, rest, configuration) { Command = command };
    }

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
                index += options.TakeShort(argument[1..], next) ? 1 : 0;
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
            if (OptionTable.TryFind(name, out var option) && option.Verbs.Length > 0 && (verb is null || Array.IndexOf(option.Verbs, verb.Value) < 0))
                reader.Complain($"--{name} goes with the verb {string.Join(" or ", Array.ConvertAll(option.Verbs, goesWith => VerbNames[(int)goesWith]))} only.");
            else
                reader.Add(name, value, Origin.CommandLine);
        }
    }

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

    private static void TakeNothing(List<string> rest, ConfigurationReader reader)
    {
        if (rest.Count > 0)
            reader.Complain($"try {rest[0]}: try takes options only.");
    }

    private static void TakeFiles(List<string> rest, bool firstMayBeAVerb, ConfigurationReader reader)
    {
        for (var index = 0; index < rest.Count; index++)
        {
            if (index == 0 && firstMayBeAVerb && !LooksLikeAFile(rest[0]))
                reader.Complain(UnknownVerb(rest[0]));
            else
                reader.Add(OptionTable.Ini.Name, rest[index], Origin.CommandLine);
        }
    }

    private static bool LooksLikeAFile(string word) => word.AsSpan().IndexOfAny("./:") >= 0 || File.Exists(word);

    private static string UnknownVerb(string word)
    {
        var nearest = NearestName.Find(word, VerbNames);
        var hint = nearest is not null ? $"the nearest is {nearest}." : "fpty help lists the commands.";
        return $"{word}: there is no command and no file of this name; {hint}";
    }
}
