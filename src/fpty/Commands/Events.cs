using System.Text;
using Forkpty.Client;
using Forkpty.Options;

namespace Forkpty.Commands;

/// <summary><c>fpty events [ADDRESS]</c>: a line of JSON for each thing that happens to a session, as it happens.</summary>
internal static class Events
{
    public static int Run(CommandLine line) => Question.Ask(line, Tell);

    private static int Tell(RouterControl router)
    {
        router.Subscribe();
        while (true)
        {
            // Written anew and not passed on: so there is no newline within, and no byte that a terminal obeys.
            string happened = Encoding.UTF8.GetString(router.NextEvent().ToPayload());
            Screen.Write(happened + "\n");
        }
    }
}
