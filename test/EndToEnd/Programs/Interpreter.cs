namespace Forkpty.EndToEnd;

public sealed class Interpreter
{
    [Theory(Timeout = Patience.Test), Pairs(OnTerminal = true)]
    public async Task Python_reads_edits_and_remembers_lines(ClientKind client, RouterKind router, Wire wire)
    {
        await using var person = await Person.AtAsync(client, router, wire);

        await person.Screen.LineAsync("/usr/bin/python3 -q");
        await person.Screen.ExpectAsync("^>>>");
        await person.Screen.LineAsync("print('answer', 6*7)");
        await person.Screen.ExpectAsync("^answer 42");
        await person.Screen.PressAsync("Up");
        await person.Screen.ExpectAsync(@"answer 42\n>>> print\(");
        await person.Screen.PressAsync("Enter");
        await person.Screen.ExpectAsync(@"answer 42\n>>> print\('answer', 6\*7\)\nanswer 42");
        await person.Screen.PressAsync("C-d");

        await person.PromptAsync();
    }
}
