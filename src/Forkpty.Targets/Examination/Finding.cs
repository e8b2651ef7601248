namespace Forkpty.Targets;

/// <summary>One precondition of an attach.</summary>
internal sealed class Finding(string subject, Severity severity, string text, string? remedy = null)
{
    /// <summary>What was looked at, in one or two words.</summary>
    public string Subject { get; } = subject;

    /// <summary>What it means.</summary>
    public Severity Severity { get; } = severity;

    /// <summary>What was found, as half a sentence. What a target says of itself is escaped.</summary>
    public string Text { get; } = text;

    /// <summary>What to do about it.</summary>
    public string? Remedy { get; } = remedy;
}
