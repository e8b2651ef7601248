namespace Forkpty.Options;

/// <summary>What the command line asks for.</summary>
internal enum Verb
{
    /// <summary>Run a router: the verb where none is given.</summary>
    Serve,

    /// <summary>Connect this terminal to a router: a new session.</summary>
    Connect,

    /// <summary>Connect this terminal to a session that is there.</summary>
    Attach,

    /// <summary>List the sessions, and what else can be attached to.</summary>
    Ps,

    /// <summary>Make the clients of a session leave it.</summary>
    Detach,

    /// <summary>End a session.</summary>
    Kill,

    /// <summary>Tell what happens to sessions.</summary>
    Events,

    /// <summary>Let a router go on as a newer executable.</summary>
    Upgrade,

    /// <summary>Tell whether a target can be attached to, and if not, why.</summary>
    Doctor,

    /// <summary>List what exec left behind in targets.</summary>
    Orphans,

    /// <summary>A router and a client together, to try it.</summary>
    Try,

    /// <summary>Explain.</summary>
    Help,

    /// <summary>Print the version.</summary>
    Version,

    /// <summary>Print a document that is made from the option table.</summary>
    Docs,
}
