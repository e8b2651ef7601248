using Xunit;

namespace Forkpty.Tests;

/// <summary>Tests that change what the whole process has: its environment. No other test runs beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
