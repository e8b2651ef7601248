namespace Forkpty.Client;

/// <summary>How a client speaks to a router. Which one a socket wants cannot be asked: it is part of its configuration.</summary>
public enum ClientMode
{
    /// <summary>Bytes as they are, no window size: a <c>forkpty-router</c> socket.</summary>
    Raw,

    /// <summary>Packets towards the router, which carry the window size too: a <c>forkpty-urouter</c> socket.</summary>
    Uwsgi,
}
