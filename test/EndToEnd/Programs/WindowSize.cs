namespace Forkpty.EndToEnd;

public sealed class WindowSize
{
    [Theory(Timeout = Patience.Test), Pairs(OnTerminal = true, UwsgiModeOnly = true)]
    public async Task Stty_agrees_after_each_change_of_the_window(ClientKind client, RouterKind router, Wire wire)
    {
        await using var person = await Person.AtAsync(client, router, wire);

        foreach (var (rows, columns) in new[] { (30, 100), (10, 40), (50, 132), (24, 80) })
        {
            await person.Screen.ResizeAsync(rows, columns);
            await person.Screen.LineAsync($"until [ \"$(stty size)\" = '{rows} {columns}' ]; do :; done; clear; echo now-{rows}x$((1+1))");
            await person.Screen.ExpectAsync($"^now-{rows}x2");
        }
    }
}
