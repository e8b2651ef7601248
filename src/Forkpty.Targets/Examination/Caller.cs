using System.Globalization;

namespace Forkpty.Targets;

/// <summary>Who wants to attach.</summary>
/// <param name="UserId">The effective user.</param>
/// <param name="Capabilities">The effective capabilities, a bit for each; capabilities(7).</param>
/// <param name="Filtered">Whether a seccomp filter is on us: the kernel then shows nobody's filter.</param>
internal sealed record Caller(uint UserId, ulong Capabilities, bool Filtered)
{
    public const int SysPtrace = 19;
    public const int SysAdmin = 21;

    public bool Has(int capability) => (Capabilities >> capability & 1) != 0;

    public static Caller Of(HostFiles files)
    {
        string status = files.Text("/proc/self/status", 16 * 1024) ?? "";
        return new Caller(
            HostProcesses.Field(status, "Uid")?.Split('\t') is [_, var effective, ..] && uint.TryParse(effective, NumberStyles.None, CultureInfo.InvariantCulture, out uint uid) ? uid : uint.MaxValue,
            ulong.TryParse(HostProcesses.Field(status, "CapEff"), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong capabilities) ? capabilities : 0,
            HostProcesses.Field(status, "Seccomp") is not (null or "0"));
    }
}
