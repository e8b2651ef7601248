using System.Globalization;

namespace Forkpty.Bench;

/// <summary>The command line.</summary>
internal sealed record BenchOptions
{
    public const string Usage = """
        Usage: Forkpty.Bench [options]
          --rounds N          rounds, each of which measures every figure of every peer (default 5)
          --only A,B          some figures: echo, flood, output, open, idle, client, interrupt, start, input, neighbours, screen, sessions, attach
          --peers A,B         some peers: fpty, former, uwsgi, socat, bare
          --fpty FILE         the executable to measure (default out/fpty)
          --beside FILE       another one, in the same run: the peer "former"
          --quick             small amounts: shows that everything works, its numbers mean little
          --write FILE        puts the tables into a document, between its two marks
        """;

    public int Rounds { get; init; } = 5;

    public IReadOnlyList<string> Only { get; init; } = [];

    public IReadOnlyList<string> Peers { get; init; } = [];

    public string Executable { get; init; } = "out/fpty";

    /// <summary>An executable of another version; null for none.</summary>
    public string? Beside { get; init; }

    public bool Quick { get; init; }

    public string? Document { get; init; }

    /// <summary>Reads the arguments; throws <see cref="BenchException"/> with a sentence where one is wrong.</summary>
    public static BenchOptions Parse(string[] arguments)
    {
        BenchOptions options = new();
        for (int i = 0; i < arguments.Length; i++)
        {
            options = arguments[i] switch
            {
                "--rounds" => options with { Rounds = Count(Value(ref i)) },
                "--only" => options with { Only = Value(ref i).Split(',') },
                "--peers" => options with { Peers = Value(ref i).Split(',') },
                "--fpty" => options with { Executable = Value(ref i) },
                "--write" => options with { Document = Value(ref i) },
                "--beside" => options with { Beside = Value(ref i) },
                "--quick" => options with { Quick = true },
                "--help" => throw new BenchException(Usage),
                _ => throw new BenchException($"unknown option {arguments[i]}\n{Usage}"),
            };
        }
        return options;

        string Value(ref int i) => ++i < arguments.Length ? arguments[i] : throw new BenchException($"{arguments[i - 1]} needs a value\n{Usage}");
    }

    private static int Count(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0
        ? count
        : throw new BenchException($"--rounds takes a number above 0, not {text}");
}
