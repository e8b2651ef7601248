namespace Forkpty.EndToEnd;

public sealed class Editor
{
    [Theory(Timeout = Patience.Test), Pairs(OnTerminal = true)]
    public async Task Vim_edits_a_file(ClientKind client, RouterKind router, Wire wire)
    {
        using var directory = new TempDirectory();
        await using var person = await Person.AtAsync(client, router, wire);

        await person.Screen.LineAsync($"vi -u NONE -N {directory["file"]}");
        await person.Screen.ExpectAsync("^~");
        await person.Screen.TypeAsync("ihello from a terminal");
        await person.Screen.ExpectAsync("^hello from a terminal");
        await person.Screen.PressAsync("Escape");
        await person.Screen.LineAsync(":wq");

        await person.PromptAsync();
        Assert.Equal("hello from a terminal\n", File.ReadAllText(directory["file"]));
    }
}
