namespace Forkpty.EndToEnd.Sessions;

public sealed class Names
{
    [Theory(Timeout = Patience.Test)]
    [InlineData("")]
    [InlineData(".hidden")]
    [InlineData("-option")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("../../etc")]
    [InlineData("é")]
    [InlineData("a\n")]
    [InlineData("a\0b")]
    [InlineData("\u001b]0;title\a")]
    [InlineData("\u009b2J")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public async Task A_name_that_is_none_is_refused_and_never_printed_as_it_came(string name)
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.ConnectAsync(router);

        await peer.SendAsync(PacketType.Open, Request.Open(name, shell: "cat"));

        var error = await peer.ExpectLastErrorAsync("bad-name");
        Assert.DoesNotContain(error.Text("text"), char.IsControl);
        Assert.DoesNotContain(router.Log.Text, c => char.IsControl(c) && c != '\n');
        Assert.Equal(0, router.Facts().Masters);
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData("a")]
    [InlineData("A.b_c-9")]
    [InlineData("1234567890123456789012345678901234567890123456789012345678901234")]
    public async Task A_name_is_what_the_session_is_called(string name)
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.OpenAsync(router, Request.Open(name, shell: "cat"));

        Assert.Equal(name, peer.Name);
        Assert.Equal(name, Assert.Single(await peer.ListAsync()).Text("session"));
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData("work", "keep")]
    [InlineData(null, "hup")]
    public async Task A_session_with_a_name_is_kept_where_nothing_else_is_said(string? name, string onDisconnect)
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.OpenAsync(router, Request.Open(name, shell: "cat"));

        Assert.Equal(onDisconnect, peer.Opened.Text("on-disconnect"));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Without_a_name_it_is_called_by_its_number()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var one = await SessionPeer.OpenAsync(router, Request.Open(shell: "cat", onDisconnect: "keep"));
        await using var two = await SessionPeer.OpenAsync(router, Request.Open(shell: "cat", onDisconnect: "keep"));

        Assert.Equal($"{one.Opened.Number("id")}", one.Name);
        Assert.NotEqual(one.Name, two.Name);
        await using var back = await SessionPeer.OpenAsync(router, Request.Attach(two.Name));
        Assert.Equal(two.Pid, back.Pid);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_session_with_a_name_is_found_by_its_number_too()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var one = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "cat", onDisconnect: "keep"));

        await using var back = await SessionPeer.OpenAsync(router, Request.Attach($"{one.Opened.Number("id")}"));

        Assert.Equal((one.Pid, "work"), (back.Pid, back.Name));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_name_that_is_taken_is_refused_and_the_session_is_not_touched()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var first = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "cat"));
        await using var second = await SessionPeer.ConnectAsync(router);

        await second.SendAsync(PacketType.Open, Request.Open("work", shell: "cat"));

        var error = await second.ExpectLastErrorAsync("name-taken");
        Assert.Contains("work", error.Text("text"), StringComparison.Ordinal);
        await first.TypeAsync("here\r");
        await first.Output.ExpectAsync("here\r\nhere\r\n");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_name_is_free_again_when_its_session_has_ended()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        for (int i = 0; i < 20; i++)
        {
            await using var peer = await SessionPeer.OpenAsync(router, Request.Open("work", shell: $"exit {i}", onDisconnect: "keep"));
            Assert.Equal(i, (await peer.ExpectAsync(PacketType.Exit)).Number("code"));
        }
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Of_creations_of_one_name_at_once_exactly_one_wins()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        for (int round = 0; round < 10; round++)
        {
            var peers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SessionPeer.ConnectAsync(router)));
            await Task.WhenAll(peers.Select(peer => peer.SendAsync(PacketType.Open, Request.Open($"race-{round}", shell: "cat"))));

            var answers = await Task.WhenAll(peers.Select(AnswerAsync));

            Assert.Equal(1, answers.Count(answer => answer == "opened"));
            Assert.Equal(7, answers.Count(answer => answer == "name-taken"));
            foreach (var peer in peers)
                await peer.DisposeAsync();
        }
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Who_attaches_or_makes_at_once_meets_in_one_session()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        for (int round = 0; round < 10; round++)
        {
            string name = $"meet-{round}";
            var peers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ =>
                SessionPeer.OpenAsync(router, Request.Open(name, shell: "cat", mode: "attach-or-new", onDisconnect: "keep"))));

            Assert.Single(peers.Select(peer => peer.Pid).Distinct());
            foreach (var peer in peers)
                await peer.DisposeAsync();
        }
    }

    private static async Task<string> AnswerAsync(SessionPeer peer)
    {
        try
        {
            await peer.ExpectAsync(PacketType.Opened);
            return "opened";
        }
        catch (ExpectationException)
        {
            return peer.Packets[^1].Text("code");
        }
    }
}
