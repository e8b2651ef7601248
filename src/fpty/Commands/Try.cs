using Forkpty.Options;

namespace Forkpty.Commands;

internal static class Try
{
    public static int Run(CommandLine line)
    {
        Screen.WriteError($"fpty {line.Verb}: not built yet\n");
        return ExitStatus.Failed;
    }
}
