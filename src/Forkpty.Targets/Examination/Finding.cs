namespace Forkpty.Targets;

/// <summary>One precondition of an attach.</summary>
/// <param name="Subject">What was looked at, in one or two words.</param>
/// <param name="Severity">What it means.</param>
/// <param name="Text">What was found, as half a sentence. What a target says of itself is escaped.</param>
/// <param name="Remedy">What to do about it.</param>
internal sealed record Finding(string Subject, Severity Severity, string Text, string? Remedy = null);
