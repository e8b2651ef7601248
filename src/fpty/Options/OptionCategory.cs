namespace Forkpty.Options;

/// <summary>The part of the program that an option belongs to: a section of the help, the man page and the documentation.</summary>
internal enum OptionCategory
{
    /// <summary>Sockets on which each connection gets its own terminal.</summary>
    Router,

    /// <summary>What runs on the terminal, and how a session begins and ends.</summary>
    Session,

    /// <summary>This terminal, connected to a router.</summary>
    Client,

    /// <summary>One terminal that many clients share.</summary>
    SharedPty,

    /// <summary>Namespaces, commands at start, identity.</summary>
    Jail,

    /// <summary>The process: sockets' modes, log, pid file.</summary>
    Process,

    /// <summary>Where settings come from.</summary>
    Configuration,

    /// <summary>Options of uWSGI that have nothing to do with terminals: accepted, without effect.</summary>
    WithoutEffect,

    /// <summary>Options of uWSGI whose silent loss would surprise or endanger: an error with the reason.</summary>
    Refused,
}
