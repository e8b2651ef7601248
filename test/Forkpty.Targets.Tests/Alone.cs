using Xunit;

namespace Forkpty.Targets;

/// <summary>Tests that count what this process holds, or change its limits: no other test runs beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
