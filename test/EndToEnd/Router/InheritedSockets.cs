namespace Forkpty.EndToEnd;

public sealed class InheritedSockets
{
    // Binds two sockets on the descriptors 3 and 4 as systemd does, and becomes the command.
    private const string Activate = """
        import os, socket, sys
        listeners = []
        for path in sys.argv[1:3]:
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(path)
            listener.listen(8)
            listeners.append(listener)
        kept = [os.dup(l.fileno()) for l in listeners]
        high = [os.dup2(fd, 50 + i) for i, fd in enumerate(kept)]
        os.closerange(3, 50)
        for i, fd in enumerate(high):
            os.dup2(fd, 3 + i, inheritable=True)
            os.close(fd)
        if os.environ.get("LISTEN_FDS"):
            os.environ["LISTEN_PID"] = str(os.getpid())
        os.execvp(sys.argv[3], sys.argv[3:])
        """;

    [Fact(Timeout = Patience.Test)]
    public async Task A_descriptor_is_an_address()
    {
        using var directory = new TempDirectory();
        await using var process = await StartAsync(directory, [], ["--forkpty-router", "fd://3", "--forkpty-urouter", "fd://4"]);

        await AnswersAsync(directory["a"], Wire.Raw);
        await AnswersAsync(directory["b"], Wire.Uwsgi);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Sockets_of_systemd_may_be_named_by_their_descriptors()
    {
        using var directory = new TempDirectory();
        await using var process = await StartAsync(
            directory,
            new Dictionary<string, string> { ["LISTEN_FDS"] = "2" },
            ["--forkpty-router", "fd://3", "--forkpty-urouter", "fd://4"]);

        await AnswersAsync(directory["a"], Wire.Raw);
        await AnswersAsync(directory["b"], Wire.Uwsgi);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Sockets_of_systemd_need_no_option()
    {
        using var directory = new TempDirectory();
        await using var process = await StartAsync(
            directory, new Dictionary<string, string> { ["LISTEN_FDS"] = "2", ["LISTEN_FDNAMES"] = "raw:other" }, ["serve"]);

        await AnswersAsync(directory["a"], Wire.Raw);
        await AnswersAsync(directory["b"], Wire.Uwsgi);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_session_gets_none_of_systemds_variables()
    {
        using var directory = new TempDirectory();
        await using var process = await StartAsync(
            directory, new Dictionary<string, string> { ["LISTEN_FDS"] = "1" }, ["--forkpty-router", "fd://3"]);
        await using var client = await SocketClient.ConnectAsync(directory["a"], Wire.Raw);

        await client.TypeAsync("env; echo over-$((1+1))\r");

        await client.Output.ExpectAsync("over-2");
        Assert.DoesNotContain("LISTEN_", client.Output.Text, StringComparison.Ordinal);
    }

    /// <summary>Who started us has said 8.</summary>
    [Theory(Timeout = Patience.Test)]
    [InlineData("--listen=77", "77")]
    [InlineData("--forkptyrouter-rows=24", null)]
    public async Task As_many_clients_may_wait_as_listen_says_and_else_as_the_kernel_allows(string option, string? backlog)
    {
        using var directory = new TempDirectory();
        await using var process = await StartAsync(directory, [], ["--forkpty-router", "fd://3", "--forkpty-urouter", "fd://4", option]);
        await process.Log.ExpectAsync("listening on fd://4");

        Assert.Equal(backlog ?? File.ReadAllText("/proc/sys/net/core/somaxconn").Trim(), await Backlog.OfAsync(directory["a"]));
    }

    private static async Task<RouterProcess> StartAsync(TempDirectory directory, Dictionary<string, string> environment, string[] arguments)
    {
        var script = directory.Write("activate.py", Activate);
        var setup = new RouterSetup
        {
            OwnSockets = false,
            Wrapper = ["/usr/bin/python3", "-S", script, directory["a"], directory["b"]],
            Environment = environment,
            Arguments = arguments,
        };
        var process = await RouterProcess.StartAsync(RouterKind.Fpty, setup);
        await process.WaitUntilListeningAsync(directory["b"]);
        return process;
    }

    private static async Task AnswersAsync(string address, Wire wire)
    {
        await using var client = await SocketClient.ConnectAsync(address, wire);
        await client.TypeAsync("echo here-$((1+1))\r");
        await client.Output.ExpectAsync("here-2");
    }
}
