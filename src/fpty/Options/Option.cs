namespace Forkpty.Options;

/// <summary>
/// One option, declared once in <see cref="OptionTable"/>. The command line, the ini files, the help, the man page, the documentation and the
/// completions are all read from it.
/// </summary>
internal sealed class Option(string name, OptionKind kind, OptionCategory category)
{
    /// <summary>The canonical name: <c>--name</c> on the command line, <c>name = </c> in a file.</summary>
    public string Name { get; } = name;

    public OptionKind Kind { get; } = kind;

    public OptionCategory Category { get; } = category;

    /// <summary>Other names that mean the same.</summary>
    public string[] Aliases { get; init; } = [];

    /// <summary>The short form on the command line (<c>-l</c>), with the verbs of the option only: another verb's option may have the same.</summary>
    public char? Short { get; init; }

    /// <summary>Each occurrence adds a value; otherwise the last one wins.</summary>
    public bool Repeated { get; init; }

    /// <summary>The value where the option is not given; null: none.</summary>
    public string? Default { get; init; }

    /// <summary>The value where the option is given without one; null: a value is needed (a flag needs none).</summary>
    public string? ValueIfBare { get; init; }

    /// <summary>The bounds of a number, both allowed.</summary>
    public int Least { get; init; }

    /// <inheritdoc cref="Least"/>
    public int Most { get; init; } = int.MaxValue;

    /// <summary>The words allowed for <see cref="OptionKind.Choice"/> and <see cref="OptionKind.Choices"/>.</summary>
    public string[] Words { get; init; } = [];

    /// <summary>Other words that mean one of <see cref="Words"/>.</summary>
    public (string Other, string Word)[] Synonyms { get; init; } = [];

    /// <summary>One sentence: what it does.</summary>
    public string Help { get; init; } = "";

    /// <summary>The help, with the bounds of what has some.</summary>
    public string Description => Help + Kind switch
    {
        OptionKind.Number when Most == int.MaxValue => $" {Least} or more.",
        OptionKind.Number => $" {Least} to {Most}.",
        OptionKind.Duration or OptionKind.Disconnect => $" A time is {OptionValue.LongestTime}.",
        _ => "",
    };

    /// <summary>A value as one writes it in a file; null for a flag.</summary>
    public string? Example { get; init; }

    /// <summary>What is different from uWSGI.</summary>
    public string? Differs { get; init; }

    /// <summary>uWSGI has no such option.</summary>
    public bool OnlyHere { get; init; }

    /// <summary>Why the option does nothing here: the end of the sentence "NAME does nothing here: ".</summary>
    public string? WithoutEffect { get; init; }

    /// <summary>Why the option is an error here, and what to use in its place: the end of the sentence "NAME is not available: ".</summary>
    public string? Refused { get; init; }

    /// <summary>Means something on the command line only.</summary>
    public bool CommandLineOnly { get; init; }

    /// <summary>SIGHUP reads it again, for new sessions and for the log; all others need a restart.</summary>
    public bool ReadAgain { get; init; }

    /// <summary>The verbs that it does something with; none: all of them. A file may have options of all verbs.</summary>
    public Verb[] Verbs { get; init; } = category == OptionCategory.Configuration ? [] : [Verb.Serve, Verb.Try];

    /// <summary>Whether the command line may have it with this verb. Without a verb it is uWSGI's, and what may stand in a file may stand there.</summary>
    public bool GoesWith(Verb? verb) => Verbs.Length == 0 || (verb is { } asked ? Array.IndexOf(Verbs, asked) >= 0 : !CommandLineOnly);

    public UwsgiRelation Relation =>
        Refused is not null ? UwsgiRelation.Refused
        : WithoutEffect is not null ? UwsgiRelation.WithoutEffect
        : OnlyHere ? UwsgiRelation.OnlyHere
        : Differs is not null ? UwsgiRelation.Differs
        : UwsgiRelation.Same;

    /// <summary>It does something here.</summary>
    public bool IsUseful => Refused is null && WithoutEffect is null;

    /// <summary>The option cannot be given without a value.</summary>
    public bool NeedsValue => Kind != OptionKind.Flag && ValueIfBare is null;

    /// <summary>The value as the help names it: <c>ADDRESS</c>, <c>NUMBER</c>, <c>fs|ipc|uts</c>; empty for a flag.</summary>
    public string ValueName => Kind switch
    {
        OptionKind.Flag => "",
        OptionKind.File => "FILE",
        OptionKind.Directory => "DIRECTORY",
        OptionKind.Address => "ADDRESS",
        OptionKind.Number => "NUMBER",
        OptionKind.Mode => "MODE",
        OptionKind.Duration => "TIME",
        OptionKind.Choice => string.Join('|', Words),
        OptionKind.Choices => string.Join(',', Words),
        OptionKind.Assignment => "NAME=VALUE",
        OptionKind.Key => "KEY",
        OptionKind.SessionName => "NAME",
        OptionKind.Disconnect => "hup|keep|keep=TIME|kill",
        OptionKind.Targets => "TARGETS",
        OptionKind.Signal => "SIGNAL",
        _ => "TEXT",
    };

    /// <summary>The words that its value may be, where they can be listed.</summary>
    public ReadOnlySpan<string> Suggestions => Kind switch
    {
        OptionKind.Disconnect => ["hup", "keep", "kill"],
        OptionKind.Signal => SignalName.Names,
        _ => Words,
    };

    public override string ToString() => Name;
}
