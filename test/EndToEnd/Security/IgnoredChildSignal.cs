using System.Text.RegularExpressions;

namespace Forkpty.EndToEnd;

public sealed partial class IgnoredChildSignal
{
    [Fact(Timeout = Patience.Test)]
    public async Task A_router_started_with_SIGCHLD_ignored_still_knows_exit_statuses()
    {
        var setup = new RouterSetup
        {
            Wrapper =
            [
                "/usr/bin/python3", "-S", "-c",
                "import os, signal, sys; signal.signal(signal.SIGCHLD, signal.SIG_IGN); os.execvp(sys.argv[1], sys.argv[1:])",
            ],
        };
        await using var talk = await Conversation.OpenAsync(ClientKind.Socket, RouterKind.Fpty, Wire.Raw, setup);
        await talk.ReadyAsync();

        await talk.TypeLineAsync("exit 7");

        await talk.Client.ExpectOverAsync();
        await talk.Router.Log.ExpectAsync(StatusSeven());
        Assert.Equal(0, talk.Router.Facts().Zombies);
    }

    [GeneratedRegex(@"(exit|status)\D*\b7\b")]
    private static partial Regex StatusSeven();
}
