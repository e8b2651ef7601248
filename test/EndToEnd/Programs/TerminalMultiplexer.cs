namespace Forkpty.EndToEnd;

public sealed class TerminalMultiplexer
{
    [Theory(Timeout = Patience.Test), Pairs(OnTerminal = true, UwsgiModeOnly = true)]
    public async Task Tmux_runs_and_follows_the_size(ClientKind client, RouterKind router, Wire wire)
    {
        await using var person = await Person.AtAsync(client, router, wire);

        await person.Screen.LineAsync($"unset TMUX; tmux -L in{Environment.ProcessId}{client}{router} -f /dev/null new-session 'sh'");
        await person.Screen.ExpectAsync(@"^\[0\] ");
        await person.Screen.LineAsync("stty size");
        await person.Screen.ExpectAsync("^23 80");
        await person.Screen.ResizeAsync(30, 100);
        await person.Screen.LineAsync("until [ \"$(stty size)\" = '29 100' ]; do :; done; clear; echo grown-$((1+1))");
        await person.Screen.ExpectAsync("^grown-2");
        await person.Screen.LineAsync("exit");
        await person.Screen.ExpectAsync(@"^\[exited\]");

        await person.PromptAsync();
    }
}
