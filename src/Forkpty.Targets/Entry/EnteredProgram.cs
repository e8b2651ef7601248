namespace Forkpty.Targets;

/// <summary>A program that was started inside of a target.</summary>
/// <param name="Terminal">Its terminal, which belongs to the caller.</param>
/// <param name="Leader">The program: our own child, though it lives in the target.</param>
/// <param name="Notice">What the person should know, such as that the terminal is the host's: a sentence; null for nothing.</param>
internal sealed record EnteredProgram(Pty Terminal, Leader Leader, string? Notice);
