namespace Forkpty.Targets;

/// <summary>A program that was started inside of a target.</summary>
internal sealed class EnteredProgram(Leader leader, string? notice)
{
    /// <summary>Its terminal, which belongs to the caller; null where it has pipes.</summary>
    public Pty? Terminal { get; init; }

    /// <summary>The program with its pipes, which belongs to the caller; null where it has a terminal.</summary>
    public PipedProgram? Piped { get; init; }

    /// <summary>The program: our own child, though it lives in the target.</summary>
    public Leader Leader { get; } = leader;

    /// <summary>What the person should know, such as that the terminal is the host's: a sentence; null for nothing.</summary>
    public string? Notice { get; } = notice;
}
