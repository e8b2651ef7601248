using Forkpty.Protocol;

namespace Forkpty;

/// <summary>One terminal that many clients share; uWSGI's <c>pty-socket</c>.</summary>
/// <param name="Address">Where its clients connect, in raw mode.</param>
public sealed record SharedTerminalOptions(RouterAddress Address)
{
    /// <summary>Descriptors of this address that are bound and listening already, an abstract one may have two; none to bind it.</summary>
    public IReadOnlyList<int> Descriptors { get; init; } = [];

    /// <summary>The program on it, started at once, and again at the next client after it has ended. With a space in it a command of /bin/sh.</summary>
    public string Command { get; init; } = "/bin/sh";

    /// <summary>A descriptor that gets all output too (uWSGI's <c>pty-log</c>); null for none.</summary>
    public int? OutputCopy { get; init; }

    /// <summary>A descriptor whose bytes are input too (uWSGI's <c>pty-input</c>); null for none.</summary>
    public int? Input { get; init; }

    /// <summary>Milliseconds that a client may take for the last output of a program that has ended: as in a session of its own, it must not hold memory for ever.</summary>
    internal int LeaveLimit { get; init; } = 600_000;
}
