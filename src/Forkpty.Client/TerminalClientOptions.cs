using Forkpty.Protocol;

namespace Forkpty.Client;

/// <summary>What to connect the local terminal to, and how.</summary>
/// <param name="Address">Where the router listens.</param>
/// <param name="Mode">How its socket speaks.</param>
public sealed record TerminalClientOptions(RouterAddress Address, WireMode Mode)
{
    /// <summary>The key that begins an escape at the beginning of a line. Of use only where stdin is a terminal.</summary>
    public EscapeKey Escape { get; init; } = EscapeKey.Default;

    /// <summary>True to leave out the lines about the connection's beginning and end, which else go to stderr where it is a terminal.</summary>
    public bool Quiet { get; init; }

    /// <summary>
    /// What to ask of the router beyond its default session; null for that. What is asked for needs a router that speaks the session protocol, while the
    /// default session is any router's. Of use in <see cref="WireMode.Uwsgi"/> only.
    /// </summary>
    public OpenRequest? Session { get; init; }

    /// <summary>Whether the address is the one that fpty takes where none is given: then what the client tells the person to type has none.</summary>
    public bool IsDefaultAddress { get; init; }

    /// <summary>Where a new session starts that asks for no directory, if the router can start it there; else where the router likes.</summary>
    internal string? OwnDirectory { get; init; }

    /// <summary>How long a lost connection to a kept session is tried again; zero for not at all.</summary>
    public TimeSpan Reconnect { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether the session may be elsewhere than in <see cref="OwnDirectory"/>: a shell can be anywhere; a command, in another directory, might do what nobody meant.</summary>
    internal bool MayGoElsewhere => this is { OwnDirectory: not null, Session.Command: null };

    /// <summary>What is said to the person then.</summary>
    internal string Elsewhere => $"the router cannot start it in {OwnDirectory}, so it is where the router starts programs";

    /// <summary>Whether a router may have refused for the sake of the directory.</summary>
    internal static bool MayBeForDirectory(string? refusal) => refusal is "not-allowed" or "cannot-start";
}
