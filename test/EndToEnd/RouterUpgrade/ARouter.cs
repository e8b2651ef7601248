using Forkpty.EndToEnd.Sessions;

namespace Forkpty.EndToEnd.RouterUpgrade;

public sealed class ARouter
{
    [Fact(Timeout = Patience.Test)]
    public async Task It_keeps_its_pid_its_counters_and_its_memory_of_what_has_ended_and_holds_no_descriptor_more()
    {
        await using var router = await UpgradableRouter.StartAsync();
        await using var ended = await SessionPeer.OpenAsync(router.Process, Request.Open("gone", shell: "exit 3"));
        await ended.ExpectExitAsync();
        await router.ExpectUpgradeAsync();
        await QuietAsync();
        var before = router.Process.Facts();

        for (int i = 0; i < 3; i++)
            await router.ExpectUpgradeAsync();

        await Patience.UntilAsync(() => router.Process.Facts().IsWithin(before), $"no more than before ({before}); now {router.Process.Facts()}");
        await using var late = await SessionPeer.ConnectAsync(router.Process);
        await late.SendAsync(PacketType.Open, Request.Attach("gone"));
        Assert.Contains("has ended, with exit code 3", (await late.ExpectLastErrorAsync("unknown-session")).Text("text"), StringComparison.Ordinal);
        await router.Process.SignalAsync("TERM");
        Assert.Equal(0, await router.Process.ExpectExitAsync());
        Assert.False(File.Exists(router.Process.UwsgiAddress));

        Task QuietAsync() => Patience.UntilAsync(() => ProcessFacts.Descendants(router.Process.ProcessId).Count == 0, "no process");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task SIGUSR2_does_it_too_also_when_it_comes_again_and_again()
    {
        await using var router = await UpgradableRouter.StartAsync();
        await using var client = await SocketClient.ConnectAsync(router.Process.RawAddress, Wire.Raw);

        for (int i = 0; i < 30; i++)
            await router.Process.SignalAsync("USR2");

        await router.Process.Log.ExpectAsync("upgraded; 1 session goes on");
        await client.TypeAsync("echo still-$((1+1))\n");
        await client.Output.ExpectAsync("still-2");
        await router.Process.SignalAsync("TERM");
        Assert.Equal(0, await router.Process.ExpectExitAsync());
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData("#!/bin/sh\necho fpty-state 99\n", "it is of another version")]
    [InlineData("#!/bin/sh\necho no such option >&2; exit 2\n", "no such option")]
    [InlineData("#!/bin/sh\nexec sleep 1000\n", "it has not answered within 5 seconds")]
    [InlineData("this is no program", "ENOEXEC")]
    public async Task An_executable_that_is_not_fit_for_it_changes_nothing(string executable, string why)
    {
        await using var router = await UpgradableRouter.StartAsync();
        await using var client = await SocketClient.ConnectAsync(router.Process.RawAddress, Wire.Raw);
        router.ReplaceByScript(executable);

        var result = await router.UpgradeAsync();

        Assert.Equal(1, result.Status);
        Assert.Contains(why, result.Error, StringComparison.Ordinal);
        await client.TypeAsync("echo still-$((1+1))\n");
        await client.Output.ExpectAsync("still-2");
        await Patience.UntilAsync(() => ProcessFacts.Children(router.Process.ProcessId).Count == 1, "the program alone");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task An_executable_that_is_not_there_changes_nothing()
    {
        await using var router = await UpgradableRouter.StartAsync();
        File.Delete(router.Executable);

        var result = await router.UpgradeAsync();

        Assert.Equal(1, result.Status);
        Assert.Contains($"there is no executable at {router.Executable}", result.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Nobody_but_the_routers_own_user_and_root_may_ask_for_it()
    {
        Assert.SkipUnless(Environment.UserName == "root", "becoming somebody else needs root");
        await using var router = await UpgradableRouter.StartAsync(new RouterSetup().With("chmod-socket", "666"));

        var result = await Command.RunAsync(["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", Binaries.Fpty, "upgrade", router.Process.UwsgiAddress]);

        Assert.Equal(1, result.Status);
        Assert.Contains("only the router's own user and root may upgrade it", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("upgrade", router.Process.Log.Text, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_subscriber_hears_of_it_and_goes_on_hearing()
    {
        await using var router = await UpgradableRouter.StartAsync();
        await using var subscriber = await SessionPeer.ConnectAsync(router.Process);
        await subscriber.SendAsync(PacketType.Events);
        await subscriber.ExpectAsync(PacketType.Event);

        await router.ExpectUpgradeAsync();

        await subscriber.ExpectAsync(PacketType.Event, packet => packet.Text("event") == "upgraded");
        await using var peer = await SessionPeer.OpenAsync(router.Process, Request.Open(shell: "exit 4"));
        await subscriber.ExpectAsync(PacketType.Event, packet => packet.Text("event") == "exited" && packet.Number("code") == 4);
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData("unshare=uts", "uid=nobody")]
    [InlineData("unshare=pid,user")]
    public async Task A_router_in_a_jail_stays_in_it(params string[] options)
    {
        Assert.SkipUnless(Environment.UserName == "root", "a jail needs root");
        var setup = new RouterSetup { Options = [.. options.Select(o => o.Split('=')).Select(o => (o[0], (string?)o[1])), ("exec-as-root", "true")] };
        await using var router = await UpgradableRouter.StartAsync(setup);
        await using var client = await SocketClient.ConnectAsync(router.Process.RawAddress, Wire.Raw);
        await client.TypeAsync("PS1=; stty -echo; readlink /proc/self/ns/uts /proc/self/ns/pid; id -u; echo end-$((1+1))\n");
        await client.Output.ExpectAsync("end-2\r\n");
        string before = client.Output.Text[client.Output.Text.IndexOf("uts:[", StringComparison.Ordinal)..];
        await router.ReplaceAsync(Binaries.Fpty);

        await router.Process.SignalAsync("USR2");

        await router.Process.Log.ExpectAsync("upgraded; 1 session goes on");
        await using var other = await SocketClient.ConnectAsync(router.Process.RawAddress, Wire.Raw);
        await other.TypeAsync("PS1=; stty -echo; readlink /proc/self/ns/uts /proc/self/ns/pid; id -u; echo end-$((1+1))\n");
        await other.Output.ExpectAsync("end-2\r\n");
        Assert.Equal(before, other.Output.Text[other.Output.Text.IndexOf("uts:[", StringComparison.Ordinal)..]);
        await client.TypeAsync("echo still-$((1+1))\n");
        await client.Output.ExpectAsync("still-2");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task In_a_root_of_its_own_it_says_that_there_is_no_way()
    {
        Assert.SkipUnless(Environment.UserName == "root", "a jail needs root");
        using var root = new TempDirectory();
        await using var router = await UpgradableRouter.StartAsync(new RouterSetup { Executable = Binaries.StaticFpty }.With("chroot", root.Root));

        var result = await router.UpgradeAsync();

        Assert.Equal(1, result.Status);
        Assert.Contains("jail that has its own root", result.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_signal_that_comes_meanwhile_waits_for_the_next_executable()
    {
        await using var router = await UpgradableRouter.StartAsync();

        await Command.ShellAsync($"kill -USR2 {router.Process.ProcessId}; kill -TERM {router.Process.ProcessId}");

        Assert.Equal(0, await router.Process.ExpectExitAsync());
        await router.Process.Log.ExpectAsync("upgraded; 0 sessions go on");
        Assert.False(File.Exists(router.Process.UwsgiAddress));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task No_thread_but_the_first_is_ever_given_a_signal_that_an_exec_could_lose()
    {
        await using var router = await UpgradableRouter.StartAsync();
        await ExpectBlockedAsync();

        await router.ExpectUpgradeAsync();

        await ExpectBlockedAsync();

        async Task ExpectBlockedAsync()
        {
            int pid = router.Process.ProcessId;
            await using (var peer = await SessionPeer.OpenAsync(router.Process, Request.Open(shell: "exit 3", terminal: false)))
                await peer.ExpectExitAsync(); // with all lanes
            var others = Directory.GetDirectories($"/proc/{pid}/task").Where(task => Path.GetFileName(task) != $"{pid}").ToArray();
            Assert.True(others.Length >= 4, string.Join(' ', others));
            foreach (string task in others)
            {
                string blocked = File.ReadLines($"{task}/status").Single(line => line.StartsWith("SigBlk:", StringComparison.Ordinal)).Split('\t')[1];
                ulong wanted = new[] { 1, 2, 3, 12, 15 }.Aggregate(0UL, (mask, signal) => mask | (1UL << (signal - 1)));
                Assert.True((Convert.ToUInt64(blocked, 16) & wanted) == wanted, $"{File.ReadAllText($"{task}/comm").Trim()} blocks {blocked}");
            }
        }
    }

    [Fact(Timeout = Patience.Test)]
    public async Task The_clients_of_a_shared_terminal_stay_on_it()
    {
        using var sockets = new TempDirectory();
        await using var router = await UpgradableRouter.StartAsync(new RouterSetup().With("pty-socket", sockets["s"]).With("pty-exec", "/bin/sh"));
        await router.Process.WaitUntilListeningAsync(sockets["s"]);
        await using var one = await SocketClient.ConnectAsync(sockets["s"], Wire.Raw);
        await using var other = await SocketClient.ConnectAsync(sockets["s"], Wire.Raw);
        await one.TypeAsync("echo here-$((1+1)) $$\n");
        await other.Output.ExpectAsync("here-2");

        await router.ExpectUpgradeAsync();

        await other.TypeAsync("echo there-$((1+1)) $$\n");
        await one.Output.ExpectAsync("there-2");
        await other.Output.ExpectAsync("there-2");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task What_was_read_again_counts_afterwards()
    {
        using var directory = new TempDirectory();
        string ini = directory.Write("router.ini", "[fpty]\nforkptyrouter-command = echo first\n");
        await using var router = await UpgradableRouter.StartAsync(new RouterSetup().With("ini", ini));
        File.WriteAllText(ini, "[fpty]\nforkptyrouter-command = echo second\n");
        await router.Process.SignalAsync("HUP");
        await router.Process.Log.ExpectAsync("read again");
        File.WriteAllText(ini, "[fpty]\nforkptyrouter-command = echo third\n");

        await router.ExpectUpgradeAsync();

        await using var client = await SocketClient.ConnectAsync(router.Process.RawAddress, Wire.Raw);
        await client.Output.ExpectAsync("second");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task What_needs_a_restart_does_not_come_with_an_upgrade()
    {
        using var directory = new TempDirectory();
        string started = $"[fpty]\nforkpty-router = 0.0.0.0:{TcpAddress.FreePort()}\n";
        string ini = directory.Write("router.ini", started + "insecure-tcp = true\n");
        await using var router = await UpgradableRouter.StartAsync(new RouterSetup().With("ini", ini));
        await using var kept = await SessionPeer.OpenAsync(router.Process, Request.Open("kept", command: ["/bin/sh"], onDisconnect: "keep"));
        directory.Write("router.ini", started + "attach-targets = *\nforkptyrouter-workers = 1\n");
        const string Named = "a restart is needed for what else has changed: insecure-tcp, attach-targets, forkptyrouter-processes\n";
        await router.Process.SignalAsync("HUP");
        await router.Process.Log.ExpectAsync(Named);

        await router.ExpectUpgradeAsync();

        Assert.Equal("still", await kept.AskAsync("echo still"));
        await router.Process.SignalAsync("HUP");
        await router.Process.Log.ExpectAsync(Named); // once more: nothing of it has come
    }

    /// <summary>The process is the same, and so is what its pid file says.</summary>
    [Fact(Timeout = Patience.Test)]
    public async Task The_pid_file_is_not_written_again()
    {
        using var directory = new TempDirectory();
        Directory.CreateDirectory(directory["run"]);
        await using var router = await UpgradableRouter.StartAsync(new RouterSetup().With("pidfile2", directory["run/pid"]));
        await Patience.UntilAsync(() => File.Exists(directory["run/pid"]), "the pid file");
        Directory.Delete(directory["run"], recursive: true);

        await router.ExpectUpgradeAsync();

        await using var peer = await SessionPeer.OpenAsync(router.Process, Request.Open(shell: "exit 3"));
        await peer.ExpectExitAsync();
    }
}
