using Forkpty.Options;

namespace Forkpty.Commands;

internal static class Serve
{
    public static int Run(CommandLine line)
    {
        Screen.WriteError($"fpty {line.Verb}: not built yet\n");
        return ExitStatus.Failed;
    }
}
