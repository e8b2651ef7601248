namespace Forkpty.Interop;

/// <summary>A line of /etc/group; group(5).</summary>
internal sealed record Group(string Name, uint Gid, IReadOnlyList<string> Members);
