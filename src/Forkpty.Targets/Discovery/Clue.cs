namespace Forkpty.Targets;

/// <summary>What a runtime's files tell of a container, which may have ended since, and its number may be another process's.</summary>
internal sealed class Clue(TargetKind kind, string name, int processId)
{
    public TargetKind Kind { get; } = kind;

    public string Name { get; } = name;

    /// <summary>Its first process.</summary>
    public int ProcessId { get; } = processId;

    public string Id { get; init; } = "";

    public string Image { get; init; } = "";

    /// <summary>When the process started, where the runtime wrote it down: nothing else proves as well that it is the same.</summary>
    public ulong? Start { get; set; }

    /// <summary>What stands in the name of its control group, or in the arguments of its parent, while it is the same.</summary>
    public string? Mark { get; init; }

    /// <summary>It was written down at this time, in ticks since boot, so a process that has started since is another.</summary>
    public ulong? Before { get; init; }

    /// <summary>The user who could have written these files: what he says of processes that are not his does not count.</summary>
    public uint Owner { get; set; }
}
