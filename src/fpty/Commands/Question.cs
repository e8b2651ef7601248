using Forkpty.Client;
using Forkpty.Options;
using Forkpty.Protocol;

namespace Forkpty.Commands;

/// <summary>What a verb asks a router for, and the sentence and status for who does not get it.</summary>
internal static class Question
{
    /// <summary>About the router as a whole.</summary>
    /// <returns>What <paramref name="ask"/> gives; 1 where the router refuses, 255 where it cannot be asked.</returns>
    public static int Ask(CommandLine line, Func<RouterControl, int> ask) => Ask(line, name: null, ask);

    /// <summary>About the session that is the first argument.</summary>
    /// <returns>0; 1 where the router refuses, 255 where it cannot be asked.</returns>
    public static int Ask(CommandLine line, Action<RouterControl, string> ask)
    {
        string name = line.Arguments[0];
        return Ask(line, name, router =>
        {
            ask(router, name);
            return ExitStatus.Fine;
        });
    }

    private static int Ask(CommandLine line, string? name, Func<RouterControl, int> ask)
    {
        RouterAddress address = ClientAddress.Of(line.Configuration);
        try
        {
            OwnRouter.Require(line.Configuration);
            using RouterControl router = RouterControl.Open(address);
            return ask(router);
        }
        catch (RouterException refused)
        {
            Connect.Complain(refused.Message, refused.Refusal, line, name, address);
            return refused.Refusal is null ? ClientOutcome.CouldNotConnect : ExitStatus.Failed;
        }
    }
}
