namespace Forkpty.Targets;

/// <summary>A process in a target that nobody can reach any more.</summary>
/// <param name="Target">Where it is.</param>
/// <param name="ProcessId">Its number, as the caller numbers it.</param>
/// <param name="StartTime">When it started, in ticks since boot.</param>
/// <param name="Reason">Why it counts as one.</param>
internal sealed record Orphan(Target Target, int ProcessId, ulong StartTime, OrphanReason Reason)
{
    /// <summary>As the process shows it: anything may stand there.</summary>
    public string Command { get; init; } = "";

    public uint UserId { get; init; }
}
