namespace Forkpty.EndToEnd.Sessions;

/// <summary>The cells of the table "States of a connection" that no other test is about.</summary>
public sealed class StateTable
{
    [Fact(Timeout = Patience.Test)]
    public async Task Attached_a_second_OPEN_is_an_error()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.OpenAsync(router, Request.Open(shell: "cat"));

        await peer.SendAsync(PacketType.Open, Request.Open(shell: "cat"));

        await peer.ExpectLastErrorAsync("already-open");
        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(peer.Pid), "the end of the program, as its driver is gone");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Opening_a_second_OPEN_is_an_error_and_nothing_stays_behind()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        byte[] open = SessionPeer.Packet(PacketType.Open, Request.Payload(Request.Open(shell: "cat")));
        for (int i = 0; i < 20; i++)
        {
            await using var peer = await SessionPeer.ConnectSilentlyAsync(router);

            await peer.SendBytesAsync((byte[])[.. SessionPeer.Upgrade(24, 80), .. open, .. open]);

            await Patience.UntilAsync(() => peer.Packets.Any(packet => packet.Type == PacketType.Error), "the error");
            Assert.Equal("already-open", peer.Packets.Last(packet => packet.Type == PacketType.Error).Text("code"));
            await peer.ExpectEndAsync();
        }

        await Patience.UntilAsync(() => ProcessFacts.Children(router.ProcessId).Count == 0, "no program");
        await Patience.UntilAsync(() => router.Facts().Masters == 0, "no terminal");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Opening_DETACH_and_REDRAW_are_ignored()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        byte[] open = SessionPeer.Packet(PacketType.Open, Request.Payload(Request.Open("work", shell: "cat", onDisconnect: "keep")));
        await using var peer = await SessionPeer.ConnectAsync(router);

        await peer.SendBytesAsync((byte[])[.. open, .. SessionPeer.Packet(PacketType.Redraw, []), .. SessionPeer.Packet(PacketType.Detach, []), .. SessionPeer.Packet(PacketType.Data, "here\r"u8)]);

        await peer.Output.ExpectAsync("here\r\nhere\r\n");
        Assert.DoesNotContain(peer.Packets, static packet => packet.Type == PacketType.Exit);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Attached_EVENTS_is_an_error()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.OpenAsync(router, Request.Open(shell: "cat"));

        await peer.SendAsync(PacketType.Events);

        await peer.ExpectAsync(PacketType.Error);
        await peer.ExpectEndAsync();
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Subscribed_OPEN_is_an_error()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.ConnectAsync(router);
        await peer.SendAsync(PacketType.Events);
        await peer.ExpectAsync(PacketType.Event);

        await peer.SendAsync(PacketType.Open, Request.Open(shell: "cat"));

        await peer.ExpectAsync(PacketType.Error);
        await peer.ExpectEndAsync();
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Subscribed_input_sizes_signals_and_EVENTS_are_ignored_and_questions_answered()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.ConnectAsync(router);
        await peer.SendAsync(PacketType.Events);
        await peer.ExpectAsync(PacketType.Event);

        await peer.TypeAsync("x");
        await peer.SendBytesAsync(SessionPeer.Packet(0, "x"u8, modifier1: 0));
        await peer.ResizeAsync(10, 20);
        await peer.SendAsync(PacketType.Signal, new byte[] { 9 });
        await peer.SendAsync(PacketType.EndOfInput);
        await peer.SendAsync(PacketType.Detach);
        await peer.SendAsync(PacketType.Events);

        Assert.Empty(await peer.ListAsync());
        await peer.SettleAsync();
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Greeted_signals_and_DETACH_are_ignored()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.ConnectAsync(router);

        await peer.SendAsync(PacketType.Signal, new byte[] { 9 });
        await peer.SendAsync(PacketType.Detach);
        await peer.SettleAsync();

        await peer.OpenAsync(Request.Open(shell: "echo here; cat"));
        await peer.Output.ExpectAsync("here\r\n");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Attached_LIST_KILL_and_DETACH_of_another_session_are_answered()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var other = await SessionPeer.OpenAsync(router, Request.Open("other", shell: "cat", onDisconnect: "keep"));
        await using var peer = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "cat"));

        Assert.Equal(2, (await peer.ListAsync()).Count);
        await peer.SendAsync(PacketType.Detach, Request.Of("other"));
        await peer.ExpectAsync(PacketType.Done);
        await peer.SendAsync(PacketType.Kill, Request.Of("other"));
        await peer.ExpectAsync(PacketType.Done);
        await peer.SendAsync(PacketType.Kill, Request.Of("nobody"));
        await peer.ExpectErrorAsync("unknown-session");

        await peer.TypeAsync("still here\r");
        await peer.Output.ExpectAsync("still here\r\nstill here\r\n");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Greeted_a_client_that_asks_for_something_every_now_and_then_is_not_sent_away()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.ConnectAsync(router);
        for (long since = Environment.TickCount64; Environment.TickCount64 - since < 11_000; await Task.Delay(500))
            Assert.Empty(await peer.ListAsync());

        await peer.OpenAsync(Request.Open(shell: "cat"));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Attached_to_a_kept_session_REDRAW_paints_its_screen()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "echo a text; cat", onDisconnect: "keep"));
        await peer.Output.ExpectAsync("a text\r\n");

        await peer.SendAsync(PacketType.Redraw);

        await peer.Screen.ExpectAsync("a text");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Attached_to_another_session_REDRAW_asks_its_program_to_paint()
    {
        const string Watch = "import signal; signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGWINCH]); print('go', flush=True); signal.sigwait([signal.SIGWINCH]); print('painted', flush=True); input()";
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.OpenAsync(router, Request.Open(command: ["/usr/bin/python3", "-S", "-c", Watch]));
        await peer.Output.ExpectAsync("go\r\n");

        await peer.SendAsync(PacketType.Redraw);

        await peer.Output.ExpectAsync("painted\r\n");
        Assert.Equal(0, peer.Screen.Length);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Elsewhere_REDRAW_is_ignored()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.ConnectAsync(router);

        await peer.SendAsync(PacketType.Redraw);

        await peer.OpenAsync(Request.Open(shell: "echo here; cat"));
        await peer.Output.ExpectAsync("here\r\n");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_client_may_end_its_own_session()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "cat"));

        await peer.SendAsync(PacketType.Kill, Request.Of("work"));

        await peer.ExpectExitAsync();
        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(peer.Pid), "the end of the program");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_client_that_goes_while_its_program_starts_leaves_nothing()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        byte[] open = SessionPeer.Packet(PacketType.Open, Request.Payload(Request.Open(shell: "trap '' TERM; cat")));
        for (int i = 0; i < 50; i++)
        {
            await using var peer = await SessionPeer.ConnectSilentlyAsync(router);
            await peer.SendBytesAsync((byte[])[.. SessionPeer.Upgrade(24, 80), .. open]);
        }

        await using var other = await SessionPeer.ConnectAsync(router);
        await other.ExpectSessionsAsync(0);
        await Patience.UntilAsync(() => ProcessFacts.Children(router.ProcessId).Count == 0, "no program");
        await Patience.UntilAsync(() => router.Facts().Masters == 0, "no terminal");
    }
}
