namespace Forkpty.Testing;

/// <summary>What a test waited for did not come; the message carries the transcript.</summary>
public sealed class ExpectationException(string message) : Exception(message);
