namespace Forkpty.EndToEnd.Sessions;

public sealed class Detach
{
    [Fact(Timeout = Patience.Test)]
    public async Task The_client_leaves_and_the_session_goes_on()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var first = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "cat", onDisconnect: "keep"));

        await first.SendAsync(PacketType.Detach);

        var exit = await first.ExpectExitAsync();
        Assert.Equal("detached", exit.Text("reason"));
        Assert.False(exit.Has("code"));
        await using var other = await SessionPeer.ConnectAsync(router);
        Assert.Equal(0, Assert.Single(await other.ListAsync()).Number("clients"));
        Assert.True(ProcessFacts.IsAlive(first.Pid));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task What_is_sent_after_it_is_ignored()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var first = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "stty -echo; while read line; do echo \"<$line>\"; done", onDisconnect: "keep"));

        await first.SendBytesAsync((byte[])[.. SessionPeer.Packet(PacketType.Detach, []), .. SessionPeer.Packet(PacketType.Data, "too late\r"u8)]);
        await first.ExpectExitAsync();

        await using var second = await SessionPeer.OpenAsync(router, Request.Attach("work"));
        await second.TypeAsync("in time\r");
        await second.Output.ExpectAsync("<in time>\r\n");
        Assert.DoesNotContain("late", second.Output.Text + second.Screen.Text, StringComparison.Ordinal);
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData("hup")]
    [InlineData("kill")]
    public async Task From_a_session_that_is_not_kept_it_is_refused_and_the_client_stays(string onDisconnect)
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "cat", onDisconnect: onDisconnect));

        await peer.SendAsync(PacketType.Detach);

        var notice = await peer.ExpectAsync(PacketType.Notice);
        Assert.Equal("not-kept", notice.Text("event"));
        Assert.NotEqual("", notice.Text("text"));
        await peer.TypeAsync("still here\r");
        await peer.Output.ExpectAsync("still here\r\nstill here\r\n");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task With_a_name_the_clients_of_that_session_leave()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var driver = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "cat", onDisconnect: "keep"));
        await using var viewer = await SessionPeer.OpenAsync(router, Request.Attach("work", "viewer"));
        await using var other = await SessionPeer.ConnectAsync(router);

        await other.SendAsync(PacketType.Detach, Request.Of("work"));

        await other.ExpectAsync(PacketType.Done);
        Assert.Equal("detached", (await driver.ExpectExitAsync()).Text("reason"));
        Assert.Equal("detached", (await viewer.ExpectExitAsync()).Text("reason"));
        Assert.Equal(0, Assert.Single(await other.ListAsync()).Number("clients"));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task With_a_name_that_is_not_there_it_is_refused_and_the_connection_stays()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.ConnectAsync(router);

        await peer.SendAsync(PacketType.Detach, Request.Of("nobody"));

        await peer.ExpectErrorAsync("unknown-session");
        await peer.OpenAsync(Request.Open(shell: "cat"));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task The_clients_of_a_session_that_is_not_kept_stay()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var driver = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "cat", onDisconnect: "hup"));
        await using var other = await SessionPeer.ConnectAsync(router);

        await other.SendAsync(PacketType.Detach, Request.Of("work"));
        await Patience.UntilAsync(() => other.Packets.Any(packet => packet.Type is PacketType.Error or PacketType.Done), "an answer");

        await driver.TypeAsync("still here\r");
        await driver.Output.ExpectAsync("still here\r\nstill here\r\n");
    }
}
