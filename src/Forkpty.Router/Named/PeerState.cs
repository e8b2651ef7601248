namespace Forkpty.Named;

/// <summary>Where a connection of the session protocol stands. The table is in docs/protocol.md.</summary>
internal enum PeerState : byte
{
    /// <summary>It has been greeted and has not asked for a session yet.</summary>
    Greeted,

    /// <summary>Its session is being started, or is on its way to it.</summary>
    Opening,

    /// <summary>It has a session.</summary>
    Attached,

    /// <summary>It hears what happens to sessions.</summary>
    Subscribed,

    /// <summary>It gets what was to be sent to it, and nothing more.</summary>
    Leaving,

    /// <summary>Nothing is left.</summary>
    Closed,
}
