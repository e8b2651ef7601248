namespace Forkpty.Jail;

/// <summary>The jail could not be made as asked. The message is a sentence for the person who started it: what failed, on what, what to do.</summary>
internal sealed class JailException(string message) : Exception(message);
