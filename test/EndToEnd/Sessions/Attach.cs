namespace Forkpty.EndToEnd.Sessions;

public sealed class Attach
{
    [Fact(Timeout = Patience.Test)]
    public async Task A_kept_session_goes_on_where_it_was_left()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var first = await SessionPeer.OpenAsync(router, Request.Open("work", onDisconnect: "keep"));
        await first.AskAsync("remembered=yes-$((6*7))");
        await first.LeaveAsync();

        await using var second = await SessionPeer.OpenAsync(router, Request.Attach("work"));

        Assert.Equal(first.Pid, second.Pid);
        Assert.Equal("yes-42", await second.AskAsync("echo $remembered"));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task OPENED_tells_the_session_and_where_its_output_goes_on()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var first = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "echo 12345678; cat", onDisconnect: "keep=90"));
        await first.Output.ExpectAsync("12345678\r\n");

        await using var second = await SessionPeer.OpenAsync(router, Request.Attach("work"));

        Assert.Equal(0, first.Opened.Number("offset"));
        Assert.Equal(10, second.Opened.Number("offset"));
        Assert.Equal(("work", "driver", "keep=90"), (second.Name, second.Opened.Text("role"), second.Opened.Text("on-disconnect")));
        Assert.Equal(first.Opened.Number("id"), second.Opened.Number("id"));
        Assert.NotEqual("", second.Opened.Text("token"));
        Assert.False(second.Opened.Has("gap"));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_session_that_is_not_kept_gives_no_token()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "cat", onDisconnect: "hup"));

        Assert.False(peer.Opened.Has("token"));
        Assert.Equal("hup", peer.Opened.Text("on-disconnect"));
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData("nobody")]
    [InlineData("99999999999999999999")]
    [InlineData("bad name")]
    [InlineData("")]
    public async Task A_session_that_never_was_is_unknown(string name)
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.ConnectAsync(router);

        await peer.SendAsync(PacketType.Open, Request.Attach(name));

        var error = await peer.ExpectAsync(PacketType.Error);
        Assert.Contains(error.Text("code"), new[] { "unknown-session", "bad-name" });
        await peer.ExpectEndAsync();
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Who_attaches_without_a_name_is_refused()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.ConnectAsync(router);

        await peer.SendAsync(PacketType.Open, Request.Open(mode: "attach"));

        await peer.ExpectAsync(PacketType.Error);
        await peer.ExpectEndAsync();
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData("exit 37", "37")]
    [InlineData("kill -9 $$", "9")]
    public async Task Who_comes_too_late_is_told_how_it_ended(string shell, string how)
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var first = await SessionPeer.OpenAsync(router, Request.Open("work", shell: shell, onDisconnect: "keep"));
        await first.ExpectExitAsync();
        await using var late = await SessionPeer.ConnectAsync(router);

        await late.SendAsync(PacketType.Open, Request.Attach("work"));

        var error = await late.ExpectLastErrorAsync("unknown-session");
        Assert.Contains(how, error.Text("text"), StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task The_last_64_endings_are_remembered()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        for (int i = 0; i < 65; i++)
        {
            await using var one = await SessionPeer.OpenAsync(router, Request.Open($"s{i}", shell: "exit 37", onDisconnect: "hup")); // of a kept one there is more for a minute
            await one.ExpectExitAsync();
        }

        Assert.DoesNotContain("37", await TextAsync("s0"), StringComparison.Ordinal);
        Assert.Contains("37", await TextAsync("s1"), StringComparison.Ordinal);
        Assert.Contains("37", await TextAsync("s64"), StringComparison.Ordinal);

        async Task<string> TextAsync(string name)
        {
            await using var late = await SessionPeer.ConnectAsync(router);
            await late.SendAsync(PacketType.Open, Request.Attach(name));
            return (await late.ExpectLastErrorAsync("unknown-session")).Text("text");
        }
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Attach_or_new_makes_it_once_and_then_attaches()
    {
        var open = Request.Open("work", shell: "cat", mode: "attach-or-new", onDisconnect: "keep");
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var first = await SessionPeer.OpenAsync(router, open);
        await using var second = await SessionPeer.OpenAsync(router, open);

        Assert.Equal(first.Pid, second.Pid);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task All_drivers_type_and_all_see_the_same_bytes()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var first = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "echo go; exec cat", onDisconnect: "keep"));
        await first.Output.ExpectAsync("go\r\n");
        await using var second = await SessionPeer.OpenAsync(router, Request.Attach("work"));

        await first.TypeAsync("one\r");
        await second.Output.ExpectAsync("one\r\none\r\n");
        await second.TypeAsync("two\r");
        await first.Output.ExpectAsync("two\r\ntwo\r\n");
        await second.Output.ExpectAsync("two\r\ntwo\r\n");

        Assert.Equal(first.Output.Text[(int)second.Opened.Number("offset")..], second.Output.Text);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task All_clients_are_told_how_it_ended()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var first = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "read x; seq 1 30000; exit 5", onDisconnect: "keep"));
        await using var second = await SessionPeer.OpenAsync(router, Request.Attach("work"));
        await using var viewer = await SessionPeer.OpenAsync(router, Request.Attach("work", "viewer"));

        await second.TypeAsync("\r");

        foreach (var peer in new[] { first, second, viewer })
            Assert.Equal(5, (await peer.ExpectExitAsync()).Number("code"));
        Assert.EndsWith("\r\n30000\r\n", first.Output.Text, StringComparison.Ordinal);
        Assert.EndsWith("\r\n30000\r\n", second.Output.Text, StringComparison.Ordinal);
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData("hup", "driver")]
    [InlineData("hup", "viewer")]
    [InlineData("kill", "driver")]
    public async Task To_a_session_that_is_not_kept_nobody_can_come(string onDisconnect, string role)
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var first = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "cat", onDisconnect: onDisconnect));
        await using var second = await SessionPeer.ConnectAsync(router);

        await second.SendAsync(PacketType.Open, Request.Attach("work", role));

        await second.ExpectLastErrorAsync("not-kept");
        await first.TypeAsync("still here\r");
        await first.Output.ExpectAsync("still here\r\nstill here\r\n");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Those_who_are_there_are_told_who_comes_and_goes()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var first = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "cat", onDisconnect: "keep"));
        await using var second = await SessionPeer.OpenAsync(router, Request.Attach("work"));

        Assert.NotEqual("", (await first.ExpectAsync(PacketType.Notice, notice => notice.Text("event") == "attached")).Text("text"));
        await second.LeaveAsync();
        Assert.NotEqual("", (await first.ExpectAsync(PacketType.Notice, notice => notice.Text("event") == "left")).Text("text"));
    }
}
