namespace Forkpty.Targets;

/// <summary>A process of a list.</summary>
internal sealed class HostProcess(ProcessStat stat)
{
    public ProcessStat Stat { get; } = stat;
}
