namespace Forkpty.EndToEnd;

/// <summary>A person before a screen: a client program in tmux, in a session of a router.</summary>
internal sealed class Person : IAsyncDisposable
{
    private readonly RouterProcess _router;

    private Person(RouterProcess router, TmuxScreen screen)
    {
        _router = router;
        Screen = screen;
    }

    public TmuxScreen Screen { get; }

    public static async Task<Person> AtAsync(ClientKind client, RouterKind router, Wire wire, string command = "/bin/bash")
    {
        // uWSGI's sessions have the router's environment, ours the documented one; both get a known terminal type and prompt.
        var environment = new Dictionary<string, string> { ["TERM"] = "screen", ["LC_ALL"] = "C.UTF-8" };
        var setup = new RouterSetup { Command = $"env TERM=screen LC_ALL=C.UTF-8 PS1=prompt: {command} --norc", Environment = environment };
        var process = await RouterProcess.StartAsync(router, setup);
        TmuxScreen? screen = null;
        try
        {
            screen = await TmuxScreen.StartAsync(Conversation.ClientCommand(client, process.Address(wire), wire));
            await screen.ExpectAsync("prompt:");
            return new Person(process, screen);
        }
        catch
        {
            if (screen is not null)
                await screen.DisposeAsync();
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits for the shell's prompt, and until it runs the next line. Not before: a program that leaves the screen throws away what is typed until it has given the terminal back (TCSAFLUSH).</summary>
    public async Task PromptAsync()
    {
        await Screen.ExpectAsync(@"prompt:\s*\z");
        await Screen.LineAsync("clear; echo back-$((1+1))");
        await Screen.ExpectAsync("^back-2");
    }

    public async ValueTask DisposeAsync()
    {
        await Screen.DisposeAsync();
        await _router.DisposeAsync();
    }
}
