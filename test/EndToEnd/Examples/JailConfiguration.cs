namespace Forkpty.EndToEnd.Examples;

/// <summary>examples/jail.ini as it stands. Its socket is in /tmp, so a /tmp of its own lets other tests of this machine have theirs.</summary>
public sealed class JailConfiguration
{
    [Fact(Timeout = Patience.Test)]
    public async Task A_session_is_the_users_under_the_jails_name_and_nothing_is_left_over()
    {
        await JailedRouter.EnsureUserAsync();
        var host = await Command.ShellAsync("hostname");
        const string OwnTmp = """
            mount --bind "$0" /mnt
            mount -t tmpfs -o mode=1777 tmpfs /tmp
            mkdir -p "$0" # it may be in /tmp
            mount --bind /mnt "$0"
            exec "$@"
            """;
        var setup = new RouterSetup
        {
            Wrapper = ["/usr/bin/unshare", "--mount", "/bin/sh", "-ec", OwnTmp, Binaries.Repository],
            Arguments = [Path.Combine(Binaries.Repository, "examples/jail.ini")],
            OwnSockets = false,
        };
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty, setup);
        await process.WaitUntilListeningAsync("/tmp/fpty.socket");
        var socket = $"/proc/{process.ProcessId}/root/tmp/fpty.socket";
        await using (var client = await SocketClient.ConnectAsync(socket, Wire.Raw))
        {
            await client.TypeAsync("echo $(hostname) $(id -un) $(id -gn) over-$((1+1))\r");
            await client.Output.ExpectAsync("iaminajail kratos kratos over-2");
        }

        Assert.Equal(host, await Command.ShellAsync("hostname"));
        await process.SignalAsync("TERM");
        Assert.Equal(0, await process.ExpectExitAsync());
    }
}
