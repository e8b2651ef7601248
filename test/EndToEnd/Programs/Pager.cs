namespace Forkpty.EndToEnd;

public sealed class Pager
{
    [Theory(Timeout = Patience.Test), Pairs(OnTerminal = true)]
    public async Task Less_goes_to_the_end_and_back(ClientKind client, RouterKind router, Wire wire)
    {
        await using var person = await Person.AtAsync(client, router, wire);

        await person.Screen.LineAsync("seq 1 5000 | less");
        await person.Screen.ExpectAsync("^23$");
        await person.Screen.TypeAsync("G");
        await person.Screen.ExpectAsync("^5000$");
        await person.Screen.TypeAsync("g");
        await person.Screen.ExpectAsync("^1$");
        await person.Screen.TypeAsync("q");

        await person.PromptAsync();
    }
}
