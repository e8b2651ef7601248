namespace Forkpty.EndToEnd.Sessions;

public sealed class Viewer
{
    [Fact(Timeout = Patience.Test)]
    public async Task Its_input_signals_and_sizes_are_ignored()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var driver = await SessionPeer.OpenAsync(
            router, Request.Open("work", shell: "stty -echo; echo go; while read line; do echo \"<$line> $(stty size)\"; done", onDisconnect: "keep"));
        await driver.Output.ExpectAsync("go\r\n");
        await using var viewer = await SessionPeer.OpenAsync(router, Request.Attach("work", "viewer"), rows: 11, columns: 22);
        Assert.Equal("viewer", viewer.Opened.Text("role"));

        await viewer.TypeAsync("of the viewer\r");
        await viewer.SendBytesAsync(SessionPeer.Packet(0, "plain\r"u8, modifier1: 0));
        await viewer.SendAsync(PacketType.Signal, new byte[] { 9 });
        await viewer.SendBytesAsync(SocketClient.Packet(9, 0, []));
        await viewer.SendBytesAsync(SocketClient.Packet(100, 33, []));
        await viewer.SendBytesAsync(SocketClient.Packet(101, 44, []));
        await viewer.ResizeAsync(10, 20);
        await viewer.SendAsync(PacketType.EndOfInput);
        await viewer.SettleAsync();
        await driver.TypeAsync("of the driver\r");

        await viewer.Output.ExpectAsync("<of the driver> 24 80\r\n");
        await driver.Output.ExpectAsync("<of the driver> 24 80\r\n");
        Assert.DoesNotContain("viewer", driver.Output.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("plain", driver.Output.Text, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task It_does_not_hold_a_session_whose_drivers_are_gone()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var driver = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "cat", onDisconnect: "keep=1"));
        await using var viewer = await SessionPeer.OpenAsync(router, Request.Attach("work", "viewer"));

        await driver.LeaveAsync();

        await viewer.ExpectExitAsync();
        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(driver.Pid), "the end of the program");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task It_leaves_and_nothing_changes()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var driver = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "cat", onDisconnect: "keep"));
        await using var viewer = await SessionPeer.OpenAsync(router, Request.Attach("work", "viewer"));

        await viewer.LeaveAsync();
        await driver.ExpectAsync(PacketType.Notice, notice => notice.Text("event") == "left");

        await driver.TypeAsync("here\r");
        await driver.Output.ExpectAsync("here\r\nhere\r\n");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task It_may_detach()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var driver = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "cat", onDisconnect: "keep"));
        await using var viewer = await SessionPeer.OpenAsync(router, Request.Attach("work", "viewer"));

        await viewer.SendAsync(PacketType.Detach);

        Assert.Equal("detached", (await viewer.ExpectExitAsync()).Text("reason"));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task It_is_refused_to_end_a_session_or_to_detach_its_clients()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var driver = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "cat", onDisconnect: "keep"));
        await using var viewer = await SessionPeer.OpenAsync(router, Request.Attach("work", "viewer"));

        await viewer.SendAsync(PacketType.Kill, Request.Of("work"));
        await viewer.ExpectErrorAsync("not-allowed");
        await viewer.SendAsync(PacketType.Kill, Request.Of("work", signal: 9));
        await viewer.ExpectErrorAsync("not-allowed");
        await viewer.SendAsync(PacketType.Detach, Request.Of("work"));
        await viewer.ExpectErrorAsync("not-allowed");

        await driver.TypeAsync("here\r");
        await driver.Output.ExpectAsync("here\r\nhere\r\n");
        await viewer.Output.ExpectAsync("here\r\nhere\r\n");
        Assert.Single(await viewer.ListAsync());
    }
}
