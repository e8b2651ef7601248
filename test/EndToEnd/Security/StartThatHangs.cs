using System.Diagnostics;
using Forkpty.EndToEnd.Sessions;

namespace Forkpty.EndToEnd;

/// <summary>A command on a dead network file system is started for ever. Here an exec waits for a permission that nobody gives, fanotify(7).</summary>
public sealed class StartThatHangs
{
    private const int Most = 4;

    [Fact(Timeout = Patience.Test)]
    public async Task Starts_that_hang_hold_up_others_for_a_second_each_until_there_are_four_then_others_are_refused_and_all_recovers()
    {
        using var held = await HeldProgram.StartAsync();
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup { Command = "cat" }.With("forkptyrouter-allow-command"));
        List<SessionPeer> hanging = [];
        for (int i = 1; i <= Most; i++)
        {
            hanging.Add(await SessionPeer.ConnectAsync(router));
            await hanging[^1].SendAsync(PacketType.Open, Request.Open($"hanging-{i}", command: [held.Path]));
            if (i == Most) break;
            await using var raw = await Conversation.JoinAsync(router, ClientKind.Socket, Wire.Raw);
            await raw.TypeLineAsync("served");
            await raw.Output.ExpectAsync("served\r\nserved\r\n");
            await using var piped = await SessionPeer.OpenAsync(router, Request.Open(shell: "echo served", terminal: false));
            await piped.Output.ExpectAsync("served\n");
        }

        await using (var refused = await SessionPeer.ConnectAsync(router))
        {
            await refused.SendAsync(PacketType.Open, Request.Open(shell: "cat"));
            Assert.Contains($"{Most} programs have been starting for more than a second", (await refused.ExpectErrorAsync("cannot-start")).Text("text"), StringComparison.Ordinal);
        }

        await using (var refused = await SocketClient.ConnectAsync(router.RawAddress, Wire.Raw))
        {
            await refused.ExpectOverAsync();
            Assert.Matches("^fpty: [^\n]*have been starting for more than a second[^\n]*\r\n$", refused.Output.Text);
        }

        held.Release();
        foreach (var peer in hanging)
        {
            await peer.ExpectAsync(PacketType.Opened);
            await peer.LeaveAsync();
        }

        await using var afterwards = await SessionPeer.OpenAsync(router, Request.Open(shell: "echo served"));
        await afterwards.Output.ExpectAsync("served\r\n");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_start_that_hangs_refuses_an_upgrade_and_holds_up_no_stop()
    {
        using var held = await HeldProgram.StartAsync();
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var hanging = await SessionPeer.ConnectAsync(router);
        await hanging.SendAsync(PacketType.Open, Request.Open("hanging", command: [held.Path]));
        await using var other = await SessionPeer.OpenAsync(router, Request.Open("other", shell: "echo go; cat", onDisconnect: "keep"));
        await other.Output.ExpectAsync("go\r\n");

        var upgrade = await Command.RunAsync([Binaries.Fpty, "upgrade", router.UwsgiAddress]);
        Assert.Contains("programs are being started or ended, or terminals hung up, for more than 10 seconds", upgrade.Error, StringComparison.Ordinal);

        await router.SignalAsync("TERM");
        Assert.Equal(0, await router.ExpectExitAsync());
    }

    /// <summary>A program whose every exec waits until it is released.</summary>
    private sealed class HeldProgram : IDisposable
    {
        private const string Guard = """
            import ctypes, sys
            libc = ctypes.CDLL(None)
            fd = libc.fanotify_init(4, 0)
            marked = fd >= 0 and libc.fanotify_mark(fd, 1, ctypes.c_uint64(0x40000), -100, sys.argv[1].encode()) == 0
            print('ready' if marked else 'none', flush=True)
            sys.stdin.read()
            """;

        private readonly TempDirectory _directory;
        private readonly Process _guard;

        private HeldProgram(TempDirectory directory)
        {
            _directory = directory;
            _guard = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", Guard, Path]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        }

        public string Path => _directory["held"];

        public static async Task<HeldProgram> StartAsync()
        {
            var directory = new TempDirectory();
            Assert.Equal(0, (await Command.RunAsync(["/bin/cp", "/bin/cat", directory["held"]])).Status);
            var held = new HeldProgram(directory);
            if (await held._guard.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) != "ready")
            {
                held.Dispose();
                Assert.Skip("fanotify(7) gives no permissions here, or not to this user");
            }

            return held;
        }

        public void Release() => _guard.StandardInput.Close();

        public void Dispose()
        {
            Release();
            _guard.WaitForExit();
            _guard.Dispose();
            _directory.Dispose();
        }
    }
}
