namespace Forkpty.Testing;

/// <summary>One client in one session of one router: what most tests are about.</summary>
public sealed class Conversation : IAsyncDisposable
{
    private readonly bool _ownsRouter;

    private Conversation(RouterProcess router, ISessionClient client, Wire wire, bool ownsRouter)
    {
        Router = router;
        Client = client;
        Wire = wire;
        _ownsRouter = ownsRouter;
    }

    /// <summary>The router.</summary>
    public RouterProcess Router { get; }

    /// <summary>The client.</summary>
    public ISessionClient Client { get; }

    /// <summary>What they speak.</summary>
    public Wire Wire { get; }

    /// <summary>What the session has put out.</summary>
    public Transcript Output => Client.Output;

    /// <summary>The client as the test's own socket.</summary>
    public SocketClient Socket => (SocketClient)Client;

    /// <summary>The client as a program on a terminal.</summary>
    public Terminal Terminal => (Terminal)Client;

    /// <summary>Starts a router and connects one client.</summary>
    public static async Task<Conversation> OpenAsync(ClientKind client, RouterKind router, Wire wire, RouterSetup? setup = null)
    {
        var process = await RouterProcess.StartAsync(router, setup);
        try
        {
            return new Conversation(process, await ConnectAsync(client, process.Address(wire), wire), wire, ownsRouter: true);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Connects one more client to a router.</summary>
    public static async Task<Conversation> JoinAsync(RouterProcess router, ClientKind client, Wire wire) =>
        new(router, await ConnectAsync(client, router.Address(wire), wire), wire, ownsRouter: false);

    /// <summary>Connects a client of a kind to an address.</summary>
    public static async Task<ISessionClient> ConnectAsync(ClientKind client, string address, Wire wire)
    {
        if (client == ClientKind.Socket)
            return await SocketClient.ConnectAsync(address, wire);

        var terminal = await Terminal.StartAsync(ClientCommand(client, address, wire));
        try
        {
            await terminal.ExpectRawAsync();
            return terminal;
        }
        catch
        {
            await terminal.DisposeAsync();
            throw;
        }
    }

    /// <summary>The command line of a client program.</summary>
    public static IReadOnlyList<string> ClientCommand(ClientKind client, string address, Wire wire)
    {
        var option = wire == Wire.Raw ? "--pty-connect" : "--pty-uconnect";
        return client == ClientKind.Fpty
            ? [Binaries.Fpty, option, address]
            : ["/usr/bin/uwsgi", "--plugin", "pty", "--pty-no-isig", option, address];
    }

    /// <summary>Types one line.</summary>
    public Task TypeLineAsync(string line) => Client.TypeAsync(line + "\r");

    /// <summary>Waits until the shell answers, so that the session is known to be there.</summary>
    public async Task ReadyAsync()
    {
        await TypeLineAsync("echo ready-$((40+2))");
        await Output.ExpectAsync("ready-42");
    }

    /// <summary>Runs a line in the session's shell and gives what it puts out, without carriage returns.</summary>
    public async Task<string> AskAsync(string line, TimeSpan? within = null)
    {
        // The echo of the typed line must not look like the marks, so the shell puts them together.
        await TypeLineAsync($"echo [''a]; {line}; echo [''z]");
        var answer = await Output.ExpectAsync(new System.Text.RegularExpressions.Regex(@"\[a\]\r?\n([\s\S]*?)\[z\]"), within);
        return answer.Groups[1].Value.Replace("\r", "", StringComparison.Ordinal).TrimEnd('\n');
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        if (_ownsRouter)
            await Router.DisposeAsync();
    }
}
