using Forkpty.EndToEnd.Sessions;

namespace Forkpty.EndToEnd.RouterUpgrade;

/// <summary>An upgrade comes while something is ending, or has only just begun.</summary>
public sealed class EndingSessions
{
    [Theory(Timeout = Patience.Test)]
    [InlineData("kill")]
    [InlineData("keep")]
    public async Task What_an_ended_program_has_left_on_its_terminal_is_ended_afterwards_too(string onDisconnect)
    {
        await using var router = await UpgradableRouter.StartAsync(new RouterSetup().With("forkptyrouter-wait-slaves"));
        string left = $"sleep 1007.{Environment.ProcessId}{onDisconnect.Length}{onDisconnect[0] % 10}";
        await using var peer = await SessionPeer.OpenAsync(router.Process, Request.Open("work", shell: $"trap '' HUP; {left} & echo left $!", onDisconnect: onDisconnect));
        await peer.Output.ExpectAsync("left ");
        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(peer.Pid), "the end of the program");

        await router.ExpectUpgradeAsync();
        if (onDisconnect == "kill")
            await peer.LeaveAsync();
        else
            await peer.SendAsync(PacketType.Kill, Request.Of("work"));

        await Patience.UntilAsync(() => Command.ShellAsync($"ps -eo args | grep '^{left}' || true").GetAwaiter().GetResult() == "", "the end of what it has left");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task KILL_of_a_program_without_a_terminal_that_ignores_the_hang_up_goes_on()
    {
        await using var router = await UpgradableRouter.StartAsync();
        await using var piped = await SessionPeer.OpenAsync(router.Process, Request.Open(terminal: false, shell: "trap '' HUP PIPE; echo go; while :; do sleep 1; done"));
        await piped.Output.ExpectAsync("go");
        await router.ReplaceAsync(Binaries.Fpty); // before the 2 seconds begin
        await using var other = await SessionPeer.ConnectAsync(router.Process);
        await other.SendAsync(PacketType.Kill, Request.Of(piped.Name));
        await piped.ExpectExitAsync();

        var upgraded = await router.UpgradeAsync();

        Assert.Equal(0, upgraded.Status);
        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(piped.Pid), "its end");
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task KILL_of_what_an_ended_program_has_left_goes_on(bool terminal)
    {
        await using var router = await UpgradableRouter.StartAsync(new RouterSetup().With("forkptyrouter-wait-slaves"));
        await using var peer = await SessionPeer.OpenAsync(
            router.Process, Request.Open("work", shell: "trap '' HUP PIPE; (while :; do echo x; sleep 0.05; done) & echo pid-$!.", onDisconnect: "hup", terminal: terminal));
        await peer.Output.ExpectAsync(".");
        int left = peer.Output.Number("pid-");
        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(peer.Pid), "the end of the program");
        await router.ReplaceAsync(Binaries.Fpty); // before the 2 seconds begin
        await using var other = await SessionPeer.ConnectAsync(router.Process);
        await other.SendAsync(PacketType.Kill, Request.Of("work"));
        await peer.ExpectExitAsync();

        var upgraded = await router.UpgradeAsync();

        Assert.Equal(0, upgraded.Status);
        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(left), "the end of what it has left");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_shared_program_that_has_closed_its_terminal_is_followed_by_another_one()
    {
        using var directory = new TempDirectory();
        string script = directory.Write("script", "#!/bin/sh\ntrap '' HUP\nstty -echo\necho here $$\nread x\nexec sleep 1008 <&- >&- 2>&-\n");
        File.SetUnixFileMode(script, (UnixFileMode)0b111_101_101);
        await using var router = await UpgradableRouter.StartAsync(new RouterSetup().With("pty-socket", directory["s"]).With("pty-exec", script));
        await router.Process.WaitUntilListeningAsync(directory["s"]);
        await using var one = await SocketClient.ConnectAsync(directory["s"], Wire.Raw);
        await one.TypeAsync("\n");
        await Patience.UntilAsync(() => ProcessFacts.Children(router.Process.ProcessId).Any(child => File.ReadAllText($"/proc/{child}/cmdline").StartsWith("sleep", StringComparison.Ordinal)), "the program that has no terminal");
        int program = ProcessFacts.Children(router.Process.ProcessId).Single(ProcessFacts.IsAlive);
        await Patience.UntilAsync(() => router.Process.Facts().Masters == 0, "the end of the terminal");

        await router.ExpectUpgradeAsync();
        await Command.SignalAsync(program, "KILL");

        await router.Process.Log.ExpectAsync("the program ended with");
        await using var other = await SocketClient.ConnectAsync(directory["s"], Wire.Raw);
        await other.Output.ExpectAsync("here ");
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData(1)]
    [InlineData(5)]
    public async Task An_offer_that_has_begun_before_may_take_its_time(int first)
    {
        await using var router = await UpgradableRouter.StartAsync();
        await using var peer = await SessionPeer.ConnectSilentlyAsync(router.Process);
        await peer.SendBytesAsync(SessionPeer.Upgrade(51, 97).AsMemory(0, first));
        await using var witness = await SessionPeer.ConnectAsync(router.Process); // what came before it has been read

        await router.ExpectUpgradeAsync();
        await Task.Delay(400); // the stimulus: more than the 100 ms in which a client of uWSGI has to say something
        Assert.Equal(0, router.Process.Facts().Masters);
        await peer.SendBytesAsync(SessionPeer.Upgrade(51, 97).AsMemory(first));

        await peer.ExpectAsync(PacketType.Hello);
        await peer.OpenAsync(Request.Open(shell: "stty size"));
        await peer.Output.ExpectAsync("51 97\r\n");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_socket_that_only_the_configuration_read_again_names_is_not_bound_by_it()
    {
        using var directory = new TempDirectory();
        string ini = directory.Write("router.ini", "[fpty]\n");
        await using var router = await UpgradableRouter.StartAsync(new RouterSetup().With("ini", ini));
        await using var peer = await SessionPeer.OpenAsync(router.Process, Request.Open(shell: "stty -echo; echo go; exec cat"));
        await peer.Output.ExpectAsync("go");
        File.WriteAllText(ini, $"[fpty]\npty-socket = {directory["no/such/directory"]}\n");
        await router.Process.SignalAsync("HUP");
        await router.Process.Log.ExpectAsync("read again");

        await router.ExpectUpgradeAsync();

        await peer.TypeAsync("still here\n");
        await peer.Output.ExpectAsync("still here");
    }
}
