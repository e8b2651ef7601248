namespace Forkpty.Bench;

/// <summary>A figure could not be taken: the message says of whom and why. The run goes on with the next one.</summary>
internal sealed class BenchException(string message) : Exception(message);
