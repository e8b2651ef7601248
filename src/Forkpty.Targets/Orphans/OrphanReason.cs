namespace Forkpty.Targets;

/// <summary>What is known to be gone.</summary>
internal enum OrphanReason
{
    /// <summary>Its input or output is a terminal whose other side is closed: it ignored the hang-up, or was not there to hear it.</summary>
    Terminal,

    /// <summary>It was started from outside with exec, and its monitor has no client any more.</summary>
    Client,

    /// <summary>It was started from outside with exec, and nobody reads the pipe that its output goes into.</summary>
    Reader,
}
