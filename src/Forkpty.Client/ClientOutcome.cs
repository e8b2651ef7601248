namespace Forkpty.Client;

/// <summary>How a connection ended.</summary>
/// <param name="ExitStatus">What the process should exit with: one of the constants, or 128 and the number of the signal that ended it.</param>
/// <param name="Sentence">Where something went wrong: what, on what, and what to do; without a final dot. Else null.</param>
public sealed record ClientOutcome(int ExitStatus, string? Sentence)
{
    /// <summary>The router closed the connection, which is how a session ends, or the person disconnected.</summary>
    public const int Ended = 0;

    /// <summary>The connection broke in the middle.</summary>
    public const int Lost = 254;

    /// <summary>There was no connection.</summary>
    public const int CouldNotConnect = 255;

    internal static ClientOutcome Normal { get; } = new(Ended, null);

    internal static ClientOutcome Signalled(int signal) => new(128 + signal, null);
}
