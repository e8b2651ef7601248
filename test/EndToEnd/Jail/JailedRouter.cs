namespace Forkpty.EndToEnd;

/// <summary>The first configuration of every newcomer: a router under another host name and another user.</summary>
internal sealed class JailedRouter : IAsyncDisposable
{
    private readonly TempDirectory _directory;

    private JailedRouter(TempDirectory directory, RouterProcess router, string hostName)
    {
        _directory = directory;
        Router = router;
        HostName = hostName;
    }

    public RouterProcess Router { get; }

    /// <summary>The host's name before the start.</summary>
    public string HostName { get; }

    public static string Ini(TempDirectory directory, string more = "") => $"""
        [uwsgi]
        master = true
        unshare = uts
        exec-as-root = hostname iaminajail
        {more}
        uid = kratos
        gid = kratos
        forkpty-router = {directory["r"]}
        """;

    /// <summary>The user of the jail; where there is none he is made, and removed at the end of the tests.</summary>
    public static async Task EnsureUserAsync()
    {
        Assert.SkipUnless(Environment.UserName == "root", "a jail with another user needs root");
        if (await Command.ShellAsync("flock /tmp/fpty-kratos.lock sh -c 'id kratos >/dev/null 2>&1 || { useradd --system --user-group kratos && echo made; }'") == "made")
            AppDomain.CurrentDomain.ProcessExit += (_, _) => Command.ShellAsync("flock /tmp/fpty-kratos.lock userdel kratos").GetAwaiter().GetResult();
    }

    public static async Task<JailedRouter> StartAsync(RouterKind kind)
    {
        await EnsureUserAsync();
        var hostName = await Command.ShellAsync("hostname");
        var directory = new TempDirectory();
        File.SetUnixFileMode(directory.Root, (UnixFileMode)0b1_111_111_111);
        var ini = directory.Write("jail.ini", Ini(directory));
        var setup = new RouterSetup { OwnSockets = false, Arguments = [ini] };
        var router = await RouterProcess.StartAsync(kind, setup, directory);
        var jail = new JailedRouter(directory, router, hostName);
        try
        {
            await router.WaitUntilListeningAsync(router.RawAddress);
            return jail;
        }
        catch
        {
            await jail.DisposeAsync();
            throw;
        }
    }

    public Task<Conversation> OpenAsync() => Conversation.JoinAsync(Router, ClientKind.Socket, Wire.Raw);

    public async ValueTask DisposeAsync()
    {
        await Router.DisposeAsync();
        _directory.Dispose();
    }
}
