namespace Forkpty.Upgrade;

/// <summary>What kind of <see cref="ILaneResident"/> comes next in what a <see cref="StateWriter"/> has written.</summary>
internal enum Resident : byte
{
    /// <summary>Nobody: that was the last one.</summary>
    None,

    /// <summary>A session of a plain connection.</summary>
    Session,

    /// <summary>A session of the session protocol.</summary>
    NamedSession,

    /// <summary>A program without a terminal.</summary>
    PipedSession,

    /// <summary>A client of the session protocol that has no session.</summary>
    Peer,

    /// <summary>What a program has left behind that is to be killed.</summary>
    Program,
}
