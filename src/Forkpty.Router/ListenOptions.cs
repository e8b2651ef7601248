using Forkpty.Protocol;

namespace Forkpty;

/// <summary>One socket that a router serves.</summary>
/// <param name="Address">Where it listens.</param>
/// <param name="Mode">What the bytes of its clients mean.</param>
public sealed record ListenOptions(RouterAddress Address, WireMode Mode)
{
    /// <summary>A descriptor of this address that is bound and listening already; null to bind it.</summary>
    public int? Descriptor { get; init; }
}
