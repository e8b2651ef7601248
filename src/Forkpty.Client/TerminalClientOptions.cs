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
}
