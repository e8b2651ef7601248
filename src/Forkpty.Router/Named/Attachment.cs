namespace Forkpty.Named;

/// <summary>One client of a session over all its connections: what is needed to go on after a lost one.</summary>
internal sealed class Attachment(string? token)
{
    /// <summary>What the client shows when it comes back: 122 random bits; null where it cannot.</summary>
    public string? Token { get; } = token;

    /// <summary>Bytes of its input that were taken.</summary>
    public long Input { get; set; }

    /// <summary>Since when, in the milliseconds of a loop, the connection of a driver is broken; 0: it is there, or has left with a word, or is a viewer's.</summary>
    public long LostAt { get; set; }

    /// <summary>Its present connection.</summary>
    public Peer? Peer { get; set; }
}
