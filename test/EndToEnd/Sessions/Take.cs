namespace Forkpty.EndToEnd.Sessions;

public sealed class Take
{
    [Fact(Timeout = Patience.Test)]
    public async Task The_other_drivers_are_detached_and_the_viewers_stay()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var first = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "cat", onDisconnect: "keep=1"));
        await using var second = await SessionPeer.OpenAsync(router, Request.Attach("work"));
        await using var viewer = await SessionPeer.OpenAsync(router, Request.Attach("work", "viewer"));
        var take = Request.Attach("work");
        take["take"] = true;

        await using var third = await SessionPeer.OpenAsync(router, take);

        Assert.Equal("taken", (await first.ExpectExitAsync()).Text("reason"));
        Assert.Equal("taken", (await second.ExpectExitAsync()).Text("reason"));
        await third.TypeAsync("mine\r");
        await third.Output.ExpectAsync("mine\r\nmine\r\n");
        await viewer.Output.ExpectAsync("mine\r\nmine\r\n");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_driver_that_does_not_read_cannot_hold_it()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var deaf = await SessionPeer.OpenUnreadAsync(router, Request.Open("work", shell: "yes", onDisconnect: "keep"));
        await Patience.UntilAsync(() => ProcessFacts.Descendants(router.ProcessId).Any(p => ProcessFacts.IsAlive(p)), "the program");
        var take = Request.Attach("work");
        take["take"] = true;
        await using var peer = await SessionPeer.ConnectAsync(router, keepsOutput: false);
        await peer.ExpectSessionsAsync(1);

        await peer.OpenAsync(take);

        await peer.ExpectOutputLengthAsync(5_000_000);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_viewer_is_refused_to_take_it()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var driver = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "cat", onDisconnect: "keep"));
        var take = Request.Attach("work", "viewer");
        take["take"] = true;
        await using var viewer = await SessionPeer.ConnectAsync(router);

        await viewer.SendAsync(PacketType.Open, take);

        Assert.Contains("only looks", (await viewer.ExpectLastErrorAsync("not-allowed")).Text("text"), StringComparison.Ordinal);
        await driver.TypeAsync("mine\r");
        await driver.Output.ExpectAsync("mine\r\nmine\r\n");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Who_comes_back_and_is_not_known_any_more_takes_nothing()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var driver = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "cat", onDisconnect: "keep"));
        var take = Request.Attach("work");
        take["take"] = true;
        take["resume"] = "no such token";
        take["received"] = 0;
        await using var stranger = await SessionPeer.ConnectAsync(router);

        await stranger.SendAsync(PacketType.Open, take);

        await stranger.ExpectLastErrorAsync("unknown-session");
        await driver.TypeAsync("mine\r");
        await driver.Output.ExpectAsync("mine\r\nmine\r\n");
    }
}
