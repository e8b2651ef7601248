using Forkpty.Protocol;

namespace Forkpty.Named;

/// <summary>The way into what runs already, for clients that ask for a session in there; whoever hosts the router gives it.</summary>
internal interface IEntrance
{
    /// <summary>Starts a program in a target. May take seconds where the target is hostile.</summary>
    /// <param name="request">What the client wants; with a target.</param>
    /// <param name="size">The window's size.</param>
    /// <param name="isGivenUp">Whether nobody waits for it any more; asked again and again while the target makes us wait, on the thread that starts.</param>
    /// <returns>The program, what the person should know, and for the log where it is.</returns>
    /// <exception cref="IOException">It cannot be: why, in a sentence. What the client must not know of that is the cause of the exception.</exception>
    (Pty Terminal, Leader Leader, string? Notice, string Place) Enter(OpenRequest request, WindowSize size, Func<bool> isGivenUp);
}
