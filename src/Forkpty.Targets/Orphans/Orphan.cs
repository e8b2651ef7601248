namespace Forkpty.Targets;

/// <summary>A process in a target that nobody can reach any more.</summary>
internal sealed class Orphan(Target target, ProcessStat process, OrphanReason reason)
{
    /// <summary>Where it is.</summary>
    public Target Target { get; } = target;

    /// <summary>The process, as it was when it was found.</summary>
    public ProcessStat Process { get; } = process;

    /// <summary>Why it counts as one.</summary>
    public OrphanReason Reason { get; } = reason;

    /// <summary>As the process shows it: anything may stand there.</summary>
    public string Command { get; init; } = "";

    public uint UserId { get; init; }
}
