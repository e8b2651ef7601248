namespace Forkpty.Options;

/// <summary>
/// A command line, understood: <c>fpty [VERB] [ARGUMENT ...] [--option [VALUE] ...]</c>. Without a verb it is uWSGI's: it serves, or connects where
/// pty-connect or pty-uconnect is given.
/// </summary>
/// <param name="Verb">What is asked for.</param>
/// <param name="Arguments">The words that are neither verb nor option: a topic, an address, files.</param>
/// <param name="Configuration">The resolved settings; empty for help, version and docs.</param>
internal sealed record CommandLine(Verb Verb, IReadOnlyList<string> Arguments, Configuration Configuration)
{
    /// <summary>The verbs, as they are written.</summary>
    public static readonly string[] VerbNames = ["serve", "connect", "try", "help", "version", "docs"];

    /// <summary>Understands the arguments of the program, and reads the files they name.</summary>
    /// <exception cref="ConfigurationException">They cannot be understood, or a file is wrong.</exception>
    public static CommandLine Parse(ReadOnlySpan<string> arguments)
    {
        var words = new List<string>();
        var options = ReadWords(arguments, words);

        var verb = words.Count > 0 ? Array.IndexOf(VerbNames, words[0]) : -1;
        var rest = verb >= 0 ? words[1..] : words;
        if (options.AsksFor(OptionTable.Version) || verb == (int)Verb.Version)
            return new CommandLine(Verb.Version, rest, Configuration.Empty);
        if (options.AsksFor(OptionTable.Help))
            return new CommandLine(Verb.Help, verb >= 0 ? words[..1] : [], Configuration.Empty);
        if (verb is (int)Verb.Help or (int)Verb.Docs)
            return new CommandLine((Verb)verb, rest, Configuration.Empty);

        var reader = new ConfigurationReader();
        foreach (var complaint in options.Complaints)
            reader.Complain(complaint);
        foreach (var (name, value) in options.Pairs)
            if (name != OptionTable.Raw.Name || verb == (int)Verb.Connect)
                reader.Add(name, value, Origin.CommandLine);
            else
                reader.Complain("--raw goes with the verb connect only.");

        switch (verb)
        {
            case (int)Verb.Connect: TakeAddress(rest, options.AsksFor(OptionTable.Raw), reader); break;
            case (int)Verb.Try: TakeNothing(rest, reader); break;
            default: TakeFiles(rest, verb < 0, reader); break;
        }

        var configuration = reader.Build();
        var connects = verb < 0 && (configuration.Has(OptionTable.Connect) || configuration.Has(OptionTable.UwsgiConnect));
        return new CommandLine(connects ? Verb.Connect : verb < 0 ? Verb.Serve : (Verb)verb, rest, configuration);
    }

    private static OptionWords ReadWords(ReadOnlySpan<string> arguments, List<string> words)
    {
        var options = new OptionWords();
        for (var index = 0; index < arguments.Length; index++)
        {
            var argument = arguments[index];
            if (argument == "--")
            {
                words.AddRange(arguments[(index + 1)..]);
                break;
            }

            var next = index + 1 < arguments.Length ? arguments[index + 1] : null;
            if (argument.StartsWith("--", StringComparison.Ordinal))
                index += options.TakeLong(argument[2..], next) ? 1 : 0;
            else if (argument.Length > 1 && argument[0] == '-')
                index += options.TakeShort(argument[1..], next) ? 1 : 0;
            else
                words.Add(argument);
        }

        return options;
    }

    private static void TakeAddress(List<string> rest, bool raw, ConfigurationReader reader)
    {
        if (rest.Count == 0)
            reader.Complain("connect: the address of a router is missing, as in fpty connect /run/fpty.usocket.");
        else if (rest.Count > 1)
            reader.Complain($"connect {rest[0]} {rest[1]}: one address is enough.");
        else
            reader.Add((raw ? OptionTable.Connect : OptionTable.UwsgiConnect).Name, rest[0], Origin.CommandLine);
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
