using Xunit;

namespace Forkpty.Jail;

/// <summary>The tests that start jails run one after the other: they look at whole trees of processes.</summary>
[CollectionDefinition(JailHostProgram.Collection)]
public sealed class JailCollection : ICollectionFixture<JailHostProgram>;
