using Forkpty.Protocol;

namespace Forkpty;

/// <summary>One socket that a router serves.</summary>
/// <param name="Address">Where it listens.</param>
/// <param name="Mode">What the bytes of its clients mean.</param>
public sealed record ListenOptions(RouterAddress Address, WireMode Mode)
{
    /// <summary>Descriptors of this address that are bound and listening already, an abstract one may have two; none to bind it.</summary>
    public IReadOnlyList<int> Descriptors { get; init; } = [];
}
