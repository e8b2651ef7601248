using Forkpty.Options;

namespace Forkpty.Commands;

/// <summary><c>fpty kill NAME [ADDRESS] [--signal SIGNAL]</c>: the end of a session, or a signal to what runs in its foreground.</summary>
internal static class Kill
{
    public static int Run(CommandLine line)
    {
        int? signal = line.Configuration.Text(OptionTable.KillSignal) is { } text && SignalName.TryParse(text, out int number) ? number : null;
        return Question.Ask(line, (router, session) => router.Kill(session, signal));
    }
}
