using Forkpty.Interop;

namespace Forkpty.Targets;

/// <summary>One process that can be attached to: the first one of a container, of a jail or of a unit, or just a process.</summary>
/// <param name="Kind">What holds it.</param>
/// <param name="Name">Its name among those of its kind. Whoever started a container chose it, so it may hold any character: show it escaped.</param>
/// <param name="ProcessId">The process, as the caller numbers it.</param>
/// <param name="StartTime">When it started, in ticks since boot (field 22 of /proc/PID/stat): with the number, the one process that is meant, though the number may be used again.</param>
public sealed record Target(TargetKind Kind, string Name, int ProcessId, ulong StartTime)
{
    /// <summary>The runtime's own number of it, often 64 hexadecimal digits; empty where there is none but the name.</summary>
    public string Id { get; init; } = "";

    /// <summary>The image of the container, or the directory that is its root; empty where its files do not tell.</summary>
    public string Image { get; init; } = "";

    /// <summary>Program and arguments of the process, as it shows them itself: anything may stand there. At most 2,000 characters. Empty in a target that was found by its name, and not in a list.</summary>
    public string Command { get; init; } = "";

    /// <summary>The effective user of the process, as the caller numbers users.</summary>
    public uint UserId { get; init; }

    /// <summary>Who calls it so: root, or a user whose processes he may call what he likes.</summary>
    internal uint Owner { get; init; }

    /// <summary>Only another user says so, who is not root: nothing of it counts more than he could do himself.</summary>
    internal bool IsAnothersWord => Owner != 0 && Owner != Libc.geteuid();

    /// <summary>The name with its kind, by which it can be found again: <c>podman:web-1</c>.</summary>
    public string FullName => $"{TargetName.Prefix(Kind)}:{Name}";

    /// <summary>The <see cref="FullName"/>.</summary>
    public override string ToString() => FullName;
}
