namespace Forkpty.EndToEnd.Sessions;

public sealed class Kill
{
    [Fact(Timeout = Patience.Test)]
    public async Task With_a_signal_the_program_gets_it()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var driver = await SessionPeer.OpenAsync(
            router, Request.Open("work", shell: "trap 'echo got it; exit 5' USR1; echo go; while :; do read x; done", onDisconnect: "keep"));
        await driver.Output.ExpectAsync("go\r\n");
        await using var other = await SessionPeer.ConnectAsync(router);

        await other.SendAsync(PacketType.Kill, Request.Of("work", 10));

        await other.ExpectAsync(PacketType.Done);
        Assert.Equal(5, (await driver.ExpectExitAsync()).Number("code"));
        Assert.Contains("got it", driver.Output.Text, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Without_a_signal_the_session_is_hung_up()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var driver = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "cat", onDisconnect: "keep"));
        await using var other = await SessionPeer.ConnectAsync(router);

        await other.SendAsync(PacketType.Kill, Request.Of("work"));

        await other.ExpectAsync(PacketType.Done);
        Assert.Equal("hung-up", (await driver.ExpectExitAsync()).Text("reason"));
        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(driver.Pid), "the end of the program");
        Assert.Empty(await other.ListAsync());
    }

    [Fact(Timeout = Patience.Test)]
    public async Task What_ignores_the_hang_up_is_killed_2_seconds_later()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var driver = await SessionPeer.OpenAsync(
            router, Request.Open("work", shell: "trap '' HUP TERM INT; echo go; while :; do sleep 1; done", onDisconnect: "keep"));
        await driver.Output.ExpectAsync("go\r\n");
        await using var other = await SessionPeer.ConnectAsync(router);
        long since = Environment.TickCount64;

        await other.SendAsync(PacketType.Kill, Request.Of("work"));
        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(driver.Pid), "the end of the program");

        Assert.InRange(Environment.TickCount64 - since, 1_500, (long)Patience.Expectation.TotalMilliseconds);
        await other.ExpectSessionsAsync(0);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Where_the_leader_has_ended_what_it_left_on_the_terminal_is_killed()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup().With("forkptyrouter-wait-slaves"));
        await using var driver = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "trap '' HUP TERM INT; sleep 987 & echo pid-$!.", onDisconnect: "keep"));
        await driver.Output.ExpectAsync(".\r\n");
        int left = driver.Output.Number("pid-");
        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(driver.Pid), "the end of the leader");
        await using var other = await SessionPeer.ConnectAsync(router);

        await other.SendAsync(PacketType.Kill, Request.Of("work"));

        await other.ExpectAsync(PacketType.Done);
        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(left), "the end of what was left");
        Assert.Empty(await other.ListAsync());
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Where_the_leader_ends_with_the_hang_up_what_ignores_that_is_killed()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var driver = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "(trap '' HUP; exec sleep 986) & echo pid-$!.; cat", onDisconnect: "keep"));
        await driver.Output.ExpectAsync(".\r\n");
        int left = driver.Output.Number("pid-");
        await Patience.UntilAsync(() => File.ReadAllText($"/proc/{left}/cmdline").StartsWith("sleep", StringComparison.Ordinal), "what ignores the hang-up");
        await using var other = await SessionPeer.ConnectAsync(router);

        await other.SendAsync(PacketType.Kill, Request.Of("work"));

        await other.ExpectAsync(PacketType.Done);
        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(left), "the end of what was left");
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData("hup")]
    [InlineData("kill")]
    public async Task Where_a_program_without_a_terminal_has_ended_what_holds_its_pipes_is_killed(string onDisconnect)
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var driver = await SessionPeer.OpenAsync(
            router, Request.Open("work", shell: "trap '' HUP PIPE TERM; (while :; do echo x; sleep 0.05; done) & echo pid-$!.", onDisconnect: onDisconnect, terminal: false)); // while it talks the session goes on
        await driver.Output.ExpectAsync(".\n");
        int left = driver.Output.Number("pid-");
        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(driver.Pid), "the end of the leader");
        await using var other = await SessionPeer.ConnectAsync(router);

        if (onDisconnect == "kill")
            await driver.LeaveAsync();
        else
            await other.SendAsync(PacketType.Kill, Request.Of("work"));

        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(left), "the end of what was left");
        await other.ExpectSessionsAsync(0);
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_router_that_stops_before_the_2_seconds_are_over_kills_at_once(bool terminal)
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var driver = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "(trap '' HUP PIPE; exec sleep 985) & echo pid-$!.; cat", onDisconnect: "hup", terminal: terminal));
        await driver.Output.ExpectAsync(".");
        int left = driver.Output.Number("pid-");
        await Patience.UntilAsync(() => File.ReadAllText($"/proc/{left}/cmdline").StartsWith("sleep", StringComparison.Ordinal), "what ignores the hang-up");
        await using var other = await SessionPeer.ConnectAsync(router);
        await other.SendAsync(PacketType.Kill, Request.Of("work"));
        await other.ExpectAsync(PacketType.Done);

        await router.SignalAsync("TERM");

        Assert.Equal(0, await router.ExpectExitAsync());
        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(left), "the end of what was left");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Sessions_that_would_be_killed_and_end_by_themselves_leave_no_descriptor()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await EndsAsync();
        await Patience.UntilAsync(() => ProcessFacts.Descendants(router.ProcessId).Count == 0, "no process");
        var before = router.Facts().Descriptors;

        for (int i = 0; i < 5; i++)
            await EndsAsync();

        await Patience.UntilAsync(() => router.Facts().Descriptors <= before, $"{before} descriptors as before");

        async Task EndsAsync()
        {
            await using var driver = await SessionPeer.OpenAsync(router, Request.Open(shell: "exit 3", onDisconnect: "kill"));
            Assert.Equal(3, (await driver.ExpectExitAsync()).Number("code"));
        }
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_session_without_clients_is_ended_too()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var driver = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "cat", onDisconnect: "keep"));
        await driver.LeaveAsync();
        await using var other = await SessionPeer.ConnectAsync(router);

        await other.SendAsync(PacketType.Kill, Request.Of("work"));

        await other.ExpectAsync(PacketType.Done);
        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(driver.Pid), "the end of the program");
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData("nobody")]
    [InlineData("")]
    [InlineData("\u001b[2J")]
    public async Task A_session_that_is_not_there_is_unknown_and_the_connection_stays(string name)
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.ConnectAsync(router);

        await peer.SendAsync(PacketType.Kill, Request.Of(name));

        var error = await peer.ExpectErrorAsync("unknown-session");
        Assert.DoesNotContain(error.Text("text"), char.IsControl);
        await peer.SettleAsync();
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(65)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public async Task A_number_that_is_no_signal_ends_nothing(int signal)
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var driver = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "cat", onDisconnect: "keep"));
        await using var other = await SessionPeer.ConnectAsync(router);

        await other.SendAsync(PacketType.Kill, Request.Of("work", signal));

        await Patience.UntilAsync(() => other.Packets.Any(packet => packet.Type is PacketType.Error or PacketType.Done), "an answer");
        await driver.TypeAsync("still here\r");
        await driver.Output.ExpectAsync("still here\r\nstill here\r\n");
    }
}
