using System.Globalization;

namespace Forkpty.Targets;

/// <summary>Who wants to attach.</summary>
internal sealed class Caller(uint userId, ulong capabilities, bool filtered)
{
    public const int SysPtrace = 19;
    public const int SysAdmin = 21;

    /// <summary>The effective user.</summary>
    public uint UserId { get; } = userId;

    /// <summary>Whether a seccomp filter is on us: the kernel then shows nobody's filter.</summary>
    public bool Filtered { get; } = filtered;

    /// <summary>Whether a capability is effective; capabilities(7).</summary>
    public bool Has(int capability) => (capabilities >> capability & 1) != 0;

    public static Caller Of(HostFiles files)
    {
        string status = files.Text("/proc/self/status", 16 * 1024) ?? "";
        return new Caller(
            HostProcesses.Field(status, "Uid")?.Split('\t') is [_, var effective, ..] && uint.TryParse(effective, NumberStyles.None, CultureInfo.InvariantCulture, out uint uid) ? uid : uint.MaxValue,
            ulong.TryParse(HostProcesses.Field(status, "CapEff"), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong set) ? set : 0,
            HostProcesses.Field(status, "Seccomp") is not (null or "0"));
    }
}
