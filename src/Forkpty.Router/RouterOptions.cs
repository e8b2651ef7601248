using Forkpty.Protocol;

namespace Forkpty;

/// <summary>All that can be said of a router. Validated once, when the router is made.</summary>
public sealed record RouterOptions
{
    /// <summary>The sockets on which each connection gets a terminal of its own.</summary>
    public IReadOnlyList<ListenOptions> Listeners { get; init; } = [];

    /// <summary>How sockets are bound.</summary>
    public SocketOptions Sockets { get; init; } = new();

    /// <summary>What runs on each terminal: a program, or, with a space in it, a command of /bin/sh.</summary>
    public string Command { get; init; } = "/bin/sh";

    /// <summary>The directory it starts in; null for the router's own.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>The whole environment of a session; null for the documented set (<see cref="SessionEnvironment"/>).</summary>
    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    /// <summary>The window before a client says its own.</summary>
    public WindowSize Size { get; init; } = WindowSize.Default;

    /// <summary>A session without traffic for this long is ended; null for never.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Whom a signal packet reaches.</summary>
    public SignalTarget SignalTarget { get; init; }

    /// <summary>Whether a session lasts until every process has closed its terminal, as in uWSGI, and not until its leader has ended.</summary>
    public bool WaitForSlaves { get; init; }

    /// <summary>Event loops, 1 to 64: one for keystrokes, the others for sessions that flood.</summary>
    public int Workers { get; init; } = Math.Clamp(System.Environment.ProcessorCount, 2, 4);

    /// <summary>What becomes of a session of the session protocol when its last driver is gone, where its client does not say.</summary>
    public OnDisconnect OnDisconnect { get; init; } = OnDisconnect.HangUp;

    /// <summary>Bytes of output that a kept session remembers, for clients that come back after a lost connection; 64 KiB to 1 GiB.</summary>
    public int HistoryBytes { get; init; } = 2 * 1024 * 1024;

    /// <summary>
    /// Whether clients of the session protocol may choose command, directory and environment. False is for a router whose <see cref="Command"/> is all that its clients are
    /// meant to do.
    /// </summary>
    public bool ClientsChooseCommand { get; init; } = true;

    /// <summary>Where each connection gets the router's statistics in JSON; null for nowhere.</summary>
    public ListenOptions? Statistics { get; init; }

    /// <summary>A terminal that many clients share; null for none.</summary>
    public SharedTerminalOptions? SharedTerminal { get; init; }

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">A value is out of its bounds; the message names it.</exception>
    internal void Validate()
    {
        if (string.IsNullOrWhiteSpace(Command))
            throw new ArgumentException("The command of a session is empty.");
        if (Workers is < 1 or > 64)
            throw new ArgumentException($"Workers is {Workers}; 1 to 64 are allowed.");
        if (HistoryBytes is < 64 * 1024 or > 1024 * 1024 * 1024)
            throw new ArgumentException($"The history is {HistoryBytes} bytes; 64 KiB to 1 GiB are allowed.");
        if (Sockets.Backlog is < 1 or > 65_535)
            throw new ArgumentException($"The backlog is {Sockets.Backlog}; 1 to 65535 are allowed.");
        if (Timeout is { } timeout && (timeout <= TimeSpan.Zero || timeout > OnDisconnect.Longest))
            throw new ArgumentException($"The timeout is {timeout}; up to 24 days are allowed.");
    }
}
