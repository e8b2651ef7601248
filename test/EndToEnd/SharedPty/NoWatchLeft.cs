using Forkpty.EndToEnd.RouterUpgrade;

namespace Forkpty.EndToEnd;

/// <summary>The kernel has no watch left (epoll_ctl: ENOSPC) for the shared terminal or its program, the first time that each thread asks for one.</summary>
public sealed class NoWatchLeft
{
    private const string Terminal = "terminal";
    private const string Program = "program";

    [Theory(Timeout = Patience.Test)]
    [InlineData(Terminal)]
    [InlineData(Program)]
    public async Task It_ends_alone_and_starts_again_with_the_next_client(string what)
    {
        await using var shared = await SharedTerminal.StartAsync("/bin/sh", new RouterSetup { Wrapper = Wrapper(what) });
        await shared.Router.Log.ExpectAsync("shared terminal: not started: epoll_ctl");

        await using var client = await SocketClient.ConnectAsync(shared.Address, Wire.Raw);

        await SharedTerminal.AttachedAsync(client);
    }

    [Theory(Timeout = Patience.HeavyTest)]
    [InlineData(Terminal)]
    [InlineData(Program)]
    public async Task After_an_upgrade_it_starts_again_for_the_clients_that_it_has(string what)
    {
        using var directory = new TempDirectory();
        var setup = new RouterSetup { Wrapper = Wrapper(what) }.With("pty-socket", directory["shared"]).With("pty-exec", "/bin/sh");
        await using var router = await UpgradableRouter.StartAsync(setup);
        await router.Process.Log.ExpectAsync("shared terminal: not started: epoll_ctl");
        await using var client = await SocketClient.ConnectAsync(directory["shared"], Wire.Raw);
        await SharedTerminal.AttachedAsync(client);
        await client.TypeAsync("X=kept; echo is-$X\r");
        await client.Output.ExpectAsync("is-kept");

        await router.ExpectUpgradeAsync();

        await client.TypeAsync("echo now-$X-\r");
        await client.Output.ExpectAsync("now--");
    }

    private static string[] Wrapper(string what)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/strace"), "strace is not installed");
        string[] paths = what == Terminal ? ["-P", "/dev/ptmx", "-P", "/dev/pts/ptmx"] : ["-P", "anon_inode:[pidfd]"];
        return ["/usr/bin/strace", "-f", "-qq", "-o", "/dev/null", .. paths, "-e", "trace=epoll_ctl", "-e", "inject=epoll_ctl:error=ENOSPC:when=1"];
    }
}
