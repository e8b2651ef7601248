namespace Forkpty.Targets;

/// <summary>One process that can be attached to: the first one of a container, of a jail or of a unit, or just a process.</summary>
/// <param name="Kind">What holds it.</param>
/// <param name="Name">Its name among those of its kind.</param>
/// <param name="ProcessId">The process, as the caller numbers it.</param>
/// <param name="StartTime">When it started, in ticks since boot (field 22 of /proc/PID/stat): with the number, the one process that is meant, though the number may be used again.</param>
public sealed record Target(TargetKind Kind, string Name, int ProcessId, ulong StartTime);
