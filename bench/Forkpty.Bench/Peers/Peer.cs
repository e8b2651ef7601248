namespace Forkpty.Bench;

/// <summary>One of those that are compared.</summary>
internal abstract class Peer
{
    /// <summary>The word for it on the command line and in the tables.</summary>
    public abstract string Name { get; }

    /// <summary>What is measured, with its version; null where it is not installed.</summary>
    public abstract string? Version { get; }

    /// <summary>A command that starts, says its version and ends.</summary>
    public abstract string[] VersionCommand { get; }

    /// <summary>Whether it has a socket that speaks uwsgi packets.</summary>
    public virtual bool SpeaksPackets => false;

    /// <summary>Starts it so that each session runs <paramref name="command"/>.</summary>
    public abstract Server Start(string command = "/bin/sh");

    /// <summary>Its own client for a person at a terminal; null where it has none.</summary>
    public virtual string[]? ClientCommand(RunningRouter router, bool framed) => null;
}
