namespace Forkpty.Client;

/// <summary>How a connection ended.</summary>
/// <param name="ExitStatus">What the process should exit with: that of the program, one of the constants, or 128 and the number of the signal that ended either.</param>
/// <param name="Sentence">Where something went wrong: what, on what, and what to do; without a final dot. Else null.</param>
public sealed record ClientOutcome(int ExitStatus, string? Sentence)
{
    /// <summary>The person left, or the router closed the connection, which is how a session ends where it cannot tell the program's own status.</summary>
    public const int Ended = 0;

    /// <summary>The router disconnected, or the connection broke and was not regained.</summary>
    public const int Lost = 254;

    /// <summary>There was no connection, the router refused what was asked for, or this process lacks what it needs to go on: its output cannot be written.</summary>
    public const int CouldNotConnect = 255;

    /// <summary>Where the router refused: its word for why, as docs/protocol.md lists them. Else null.</summary>
    public string? Refusal { get; init; }

    /// <summary>The person left; by its identity, for a program that ends with 0 is equal to it.</summary>
    internal static ClientOutcome Normal { get; } = new(Ended, null);

    /// <summary>A signal has ended this client; what ends the program is another matter.</summary>
    internal bool IsSignalled { get; init; }

    internal static ClientOutcome Signalled(int signal) => new(128 + signal, null) { IsSignalled = true };
}
