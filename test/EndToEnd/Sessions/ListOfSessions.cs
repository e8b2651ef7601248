namespace Forkpty.EndToEnd.Sessions;

public sealed class ListOfSessions
{
    [Fact(Timeout = Patience.Test)]
    public async Task Without_sessions_it_is_only_its_end()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.ConnectAsync(router);

        Assert.Empty(await peer.ListAsync());
        Assert.Empty(await peer.ListAsync());
    }

    [Fact(Timeout = Patience.Test)]
    public async Task It_says_what_each_session_is()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var first = await SessionPeer.OpenAsync(router, Request.Open("first", command: ["/bin/cat", "-", "a b"], onDisconnect: "keep=3600"), rows: 33, columns: 111);
        await using var viewer = await SessionPeer.OpenAsync(router, Request.Attach("first", "viewer"));
        await using var second = await SessionPeer.OpenAsync(router, Request.Open("second", shell: "cat", onDisconnect: "kill", terminal: false));
        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();

        var listed = (await second.ListAsync()).ToDictionary(one => one.Text("session"));

        Assert.Equal(2, listed.Count);
        var one = listed["first"];
        Assert.Equal(first.Opened.Number("id"), one.Number("id"));
        Assert.Equal(first.Pid, one.Number("pid"));
        Assert.StartsWith("/bin/cat - ", one.Text("command"), StringComparison.Ordinal);
        Assert.Contains("a b", one.Text("command"), StringComparison.Ordinal);
        Assert.InRange(one.Number("started"), now - 20, now + 1);
        Assert.Equal((2, 33, 111), (one.Number("clients"), one.Number("rows"), one.Number("columns")));
        Assert.Equal("keep=3600", one.Text("on-disconnect"));
        Assert.True(one.Json.GetProperty("terminal").GetBoolean());
        Assert.InRange(one.Number("idle"), 0, 20);
        Assert.False(listed["second"].Json.GetProperty("terminal").GetBoolean());
        Assert.Equal((1, 0, 0), (listed["second"].Number("clients"), listed["second"].Number("rows"), listed["second"].Number("columns")));
        Assert.Equal("kill", listed["second"].Text("on-disconnect"));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task The_oldest_comes_first_and_the_log_has_both_name_and_number()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var first = await SessionPeer.OpenAsync(router, Request.Open("z", shell: "cat", onDisconnect: "keep"));
        await using var second = await SessionPeer.OpenAsync(router, Request.Open("a", shell: "cat", onDisconnect: "keep"));
        await first.TypeAsync("\u0004");
        await first.ExpectExitAsync();

        await using var third = await SessionPeer.OpenAsync(router, Request.Open("k", shell: "cat", onDisconnect: "keep")); // in the place of the first

        Assert.Equal(["a", "k"], (await second.ListAsync()).Select(one => one.Text("session")));
        await router.Log.ExpectAsync($"session {first.Opened.Number("id")} (z): process {first.Pid} on ");
        await router.Log.ExpectAsync($"session {first.Opened.Number("id")} (z): ended with exit code 0");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Its_numbers_follow_what_happens()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var first = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "cat", onDisconnect: "keep"));
        await using var second = await SessionPeer.OpenAsync(router, Request.Attach("work"));
        await first.ResizeAsync(40, 90);
        await first.SettleAsync();
        var before = Assert.Single(await first.ListAsync());

        await second.SendAsync(PacketType.Detach);
        await second.ExpectExitAsync();
        var after = Assert.Single(await first.ListAsync());

        Assert.Equal((2, 1), (before.Number("clients"), after.Number("clients")));
        Assert.Equal((40, 90), (after.Number("rows"), after.Number("columns")));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Three_hundred_sessions_are_listed_each_once()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        var peers = new List<SessionPeer>();
        for (int i = 0; i < 300; i += 30)
            peers.AddRange(await Task.WhenAll(Enumerable.Range(i, 30).Select(n => SessionPeer.OpenAsync(router, Request.Open($"s{n}", command: ["/bin/cat"], onDisconnect: "hup")))));
        await using var other = await SessionPeer.ConnectAsync(router);

        var listed = await other.ListAsync();

        Assert.Equal(Enumerable.Range(0, 300).Select(n => $"s{n}").Order(), listed.Select(one => one.Text("session")).Order());
        foreach (var peer in peers)
            await peer.DisposeAsync();
        await other.ExpectSessionsAsync(0);
    }
}
