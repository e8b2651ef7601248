using Forkpty.Client;
using Forkpty.Protocol;

namespace Forkpty.Commands;

/// <summary><c>fpty connect --detached</c>: a session that is kept, started and left at once.</summary>
internal static class DetachedStart
{
    /// <summary>Prints the session's name.</summary>
    /// <exception cref="IOException">There is none: the router has refused it, or cannot be reached.</exception>
    public static int Run(TerminalClientOptions options)
    {
        Screen.Write(Start(options).Session + "\n");
        return ExitStatus.Fine;
    }

    private static Opened Start(TerminalClientOptions options)
    {
        OpenRequest request = options.Session! with { Term = options.Session.Term ?? Environment.GetEnvironmentVariable("TERM") };
        if (options.OwnDirectory is not null)
        {
            try
            {
                return Start(options.Address, request with { Directory = options.OwnDirectory });
            }
            catch (RouterException refused) when (options.MayGoElsewhere && TerminalClientOptions.MayBeForDirectory(refused.Refusal))
            {
                Connect.Complain(options.Elsewhere);
            }
        }

        return Start(options.Address, request);
    }

    private static Opened Start(RouterAddress address, OpenRequest request)
    {
        using RouterControl router = RouterControl.Open(address);
        return router.Start(request, LocalTerminal.Size() ?? WindowSize.Default);
    }
}
