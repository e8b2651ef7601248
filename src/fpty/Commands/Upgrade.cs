using Forkpty.Client;
using Forkpty.Options;
using Forkpty.Protocol;

namespace Forkpty.Commands;

/// <summary><c>fpty upgrade [ADDRESS]</c>: the router goes on as the executable that is in the place of its own by now, with every session and client.</summary>
internal static class Upgrade
{
    public static int Run(CommandLine line)
    {
        RouterAddress address = ClientAddress.Of(line.Configuration);
        return Question.Ask(line, before =>
        {
            before.Upgrade();
            using RouterControl after = RouterControl.Open(address);
            Screen.Write($"The router at {address} is fpty {after.Version} now{(after.Version == before.Version ? ", as before" : $"; it was {before.Version}")}.\n");
            return ExitStatus.Fine;
        });
    }
}
