namespace Forkpty.EndToEnd;

/// <summary>A router that serves one terminal to many.</summary>
internal sealed class SharedTerminal : IAsyncDisposable
{
    private readonly TempDirectory _directory;

    private SharedTerminal(TempDirectory directory, RouterProcess router)
    {
        _directory = directory;
        Router = router;
    }

    public RouterProcess Router { get; }

    public string Address => _directory["shared"];

    public static async Task<SharedTerminal> StartAsync(string command, RouterSetup? setup = null)
    {
        var directory = new TempDirectory();
        setup = (setup ?? new RouterSetup()) with { OwnSockets = false };
        var router = await RouterProcess.StartAsync(
            RouterKind.Fpty, setup.With("pty-socket", directory["shared"]).With("pty-exec", command), directory);
        var shared = new SharedTerminal(directory, router);
        try
        {
            await router.WaitUntilListeningAsync(directory["shared"]);
            return shared;
        }
        catch
        {
            await shared.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until each client takes part: each types a word and reads it.</summary>
    public static async Task AttachedAsync(params SocketClient[] clients)
    {
        for (var i = 0; i < clients.Length; i++)
        {
            await clients[i].TypeAsync($"echo attached-{i}-$((7*7))\r");
            await clients[i].Output.ExpectAsync($"attached-{i}-49");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Router.DisposeAsync();
        _directory.Dispose();
    }
}
