using Forkpty.Options;

namespace Forkpty.Commands;

/// <summary><c>fpty detach NAME [ADDRESS]</c>: the session goes on, and nobody is attached to it.</summary>
internal static class Detach
{
    public static int Run(CommandLine line) => Question.Ask(line, (router, session) => router.Detach(session));
}
