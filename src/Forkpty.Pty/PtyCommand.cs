namespace Forkpty;

/// <summary>What to run on a terminal.</summary>
/// <param name="FileName">The program: a path, or a name that is looked up in PATH.</param>
public sealed record PtyCommand(string FileName)
{
    /// <summary>The arguments after the program's own name.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The whole environment; null hands on this process's own.</summary>
    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    /// <summary>The directory the program starts in; null leaves it where this process is.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>The window's size before the program's first byte.</summary>
    public WindowSize Size { get; init; } = WindowSize.Default;
}
