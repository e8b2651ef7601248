namespace Forkpty.Client;

/// <summary>How the router's bytes have to be read.</summary>
internal enum Framing
{
    /// <summary>Its first byte will tell.</summary>
    Unknown,

    /// <summary>They are output: raw mode, or a router of uWSGI.</summary>
    Plain,

    /// <summary>They are packets of the session protocol.</summary>
    Session,
}
