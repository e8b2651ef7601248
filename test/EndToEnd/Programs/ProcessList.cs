namespace Forkpty.EndToEnd;

public sealed class ProcessList
{
    [Theory(Timeout = Patience.Test), Pairs(OnTerminal = true, UwsgiModeOnly = true)]
    public async Task Top_fills_the_screen_and_leaves_it(ClientKind client, RouterKind router, Wire wire)
    {
        await using var person = await Person.AtAsync(client, router, wire);

        await person.Screen.LineAsync("top");
        await person.Screen.ExpectAsync("load average");
        await person.Screen.ExpectAsync("PID +USER");
        await person.Screen.TypeAsync("q");

        await person.PromptAsync();
    }
}
