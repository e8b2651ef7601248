using System.Text.Json.Nodes;

namespace Forkpty.EndToEnd.Sessions;

/// <summary>A kept session whose program has ended before its driver had all of it.</summary>
public sealed class EndedMeanwhile
{
    [Fact(Timeout = Patience.Test)]
    public async Task The_driver_that_comes_back_gets_the_rest_and_the_status()
    {
        using var directory = new TempDirectory();
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var other = await SessionPeer.ConnectAsync(router);
        await using var first = await SessionPeer.OpenAsync(router, Work(directory, "seq 1 1000; exit 37"));
        await first.Output.ExpectAsync("go\r\n");
        await first.TypeAsync("typed\r");
        await first.LeaveAsync();
        directory.Write("end", "");
        await other.ExpectSessionsAsync(0);

        await using var second = await SessionPeer.OpenAsync(router, Request.Resume(first, 4));

        await ExpectRestAsync(second, Numbers(1000), 37);
        Assert.Equal((4, 6), (second.Opened.Number("offset"), second.Opened.Number("input")));
        Assert.Equal((first.Pid, first.Name, first.Opened.Text("token")), (second.Pid, second.Name, second.Opened.Text("token")));
        Assert.Equal(0, second.Screen.Length);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task The_end_that_was_sent_and_has_not_arrived_is_sent_again_each_time_that_it_comes_back()
    {
        using var directory = new TempDirectory();
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var first = await SessionPeer.OpenAsync(router, Work(directory, "kill -TERM $$"));
        await first.Output.ExpectAsync("go\r\n");
        directory.Write("end", "");
        await first.ExpectExitAsync();

        foreach (int received in (int[])[2, 0, 4])
        {
            await using var again = await SessionPeer.OpenAsync(router, Request.Resume(first, received));
            var exit = await again.ExpectExitAsync();
            Assert.Equal("go\r\n"[received..], again.Output.Text);
            Assert.Equal(15, exit.Number("signal"));
        }
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_session_of_the_same_name_is_not_in_its_way()
    {
        using var directory = new TempDirectory();
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var other = await SessionPeer.ConnectAsync(router);
        await using var first = await SessionPeer.OpenAsync(router, Work(directory, "echo last; exit 1"));
        await first.LeaveAsync();
        directory.Write("end", "");
        await other.ExpectSessionsAsync(0);
        await using var next = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "exec cat", onDisconnect: "keep"));

        await using var second = await SessionPeer.OpenAsync(router, Request.Resume(first, 4));

        await ExpectRestAsync(second, "last\r\n", 1);
        await next.TypeAsync("still here\r");
        await next.Output.ExpectAsync("still here\r\nstill here\r\n");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task What_is_in_the_terminal_when_a_flood_ends_is_read_without_a_driver()
    {
        using var flood = new Flood(146_000); // 1 MiB and 8 KB: where the program goes on, the router reads no more then
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var other = await SessionPeer.ConnectAsync(router);
        await using var first = await SessionPeer.OpenAsync(router, flood.Open(then: "exit 9"));
        await first.Output.ExpectAsync("go\r\n");
        await first.LeaveAsync();
        flood.Begin();
        await flood.OverAsync();
        await other.ExpectSessionsAsync(0, within: TimeSpan.FromSeconds(8)); // and not after the 10 s for which a flood stands

        await using var second = await SessionPeer.OpenAsync(router, Request.Resume(first, 4));

        await ExpectRestAsync(second, flood.Text, 9);
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData("yes", 2 * 1024 * 1024, 128 * 1024)] // what a terminal can hold at most is read of it, and no more
    [InlineData("seq 1 10500", 64 * 1024, 62_000 - (32 * 1024))] // 62 KB, which are read to their end
    public async Task What_another_process_goes_on_writing_neither_holds_up_the_end_nor_takes_the_place_of_what_was_missed(string writer, int history, int rest)
    {
        using var directory = new TempDirectory();
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup().With("forkptyrouter-history", $"{history}"));
        await using var other = await SessionPeer.ConnectAsync(router);
        string shell = $"(trap '' HUP; until [ -e {directory["begin"]} ]; do sleep 0.02; done; exec {writer}) & echo go; until [ -e {directory["end"]} ]; do sleep 0.02; done; exit 7";
        await using var first = await SessionPeer.OpenAsync(router, Request.Open("work", shell: shell, onDisconnect: "keep"));
        await first.Output.ExpectAsync("go\r\n");
        await first.LeaveAsync();
        directory.Write("begin", "");
        await Flood.StandsAsync(router, history / 2);
        directory.Write("end", "");
        await other.ExpectSessionsAsync(0, within: TimeSpan.FromSeconds(6)); // and not after the 10 s for which a flood stands

        await using var second = await SessionPeer.OpenAsync(router, Request.Resume(first, 4));

        Assert.Equal(7, (await second.ExpectExitAsync()).Number("code"));
        Assert.False(second.Opened.Has("gap"));
        Assert.InRange(second.OutputLength, (history / 2) + rest, history);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task What_is_not_remembered_is_told_as_a_gap_and_the_rest_follows()
    {
        using var flood = new Flood(1_000_000);
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var other = await SessionPeer.ConnectAsync(router);
        await using var first = await SessionPeer.OpenAsync(router, flood.Open(then: "exit 9"), keepsOutput: false);
        flood.Begin();
        await first.ExpectExitAsync();
        await other.ExpectSessionsAsync(0);

        await using var second = await SessionPeer.OpenAsync(router, Request.Resume(first, 4));

        long gap = second.Opened.Number("gap");
        Assert.Equal(gap + 4, second.Opened.Number("offset"));
        Assert.InRange(gap, flood.Text.Length - (2 * 1024 * 1024), flood.Text.Length);
        await ExpectRestAsync(second, flood.Text[(int)gap..], 9, hasGap: true);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task It_is_no_session_any_more()
    {
        using var directory = new TempDirectory();
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var other = await SessionPeer.ConnectAsync(router);
        var before = router.Facts();
        await using var events = await SessionPeer.ConnectAsync(router);
        await events.SendAsync(PacketType.Events);
        await events.ExpectAsync(PacketType.Event);
        await using var first = await SessionPeer.OpenAsync(router, Work(directory, "exit 5"));
        await first.LeaveAsync();
        directory.Write("end", "");

        var exited = await events.ExpectAsync(PacketType.Event, packet => packet.Text("event") == "exited");

        Assert.Equal(5, exited.Number("code"));
        await other.ExpectSessionsAsync(0);
        await events.LeaveAsync();
        await Patience.UntilAsync(() => router.Facts() == before, $"as before: {before}");
        await using var second = await SessionPeer.OpenAsync(router, Request.Resume(first, 4));
        await ExpectRestAsync(second, "", 5);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Who_has_no_token_of_it_or_attaches_anew_is_told_how_it_ended()
    {
        using var directory = new TempDirectory();
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var other = await SessionPeer.ConnectAsync(router);
        await using var first = await SessionPeer.OpenAsync(router, Work(directory, "echo secret; exit 37"));
        await first.LeaveAsync();
        directory.Write("end", "");
        await other.ExpectSessionsAsync(0);
        JsonObject wrong = Request.Resume(first, 0);
        wrong["resume"] = "no-such-token";
        JsonObject ofAnother = Request.Resume(first, 0);
        ofAnother["session"] = "another";

        foreach (var open in (JsonObject[])[Request.Attach("work"), Request.Attach($"{first.Opened.Number("id")}"), wrong, ofAnother])
        {
            await using var peer = await SessionPeer.ConnectAsync(router);
            await peer.SendAsync(PacketType.Open, open);
            var error = await peer.ExpectLastErrorAsync("unknown-session");
            Assert.Equal(open != ofAnother, error.Text("text").Contains("exit code 37", StringComparison.Ordinal));
            Assert.Equal(0, peer.OutputLength);
        }
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Who_left_with_a_word_before_it_has_no_claim()
    {
        using var directory = new TempDirectory();
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var other = await SessionPeer.ConnectAsync(router);
        await using var first = await SessionPeer.OpenAsync(router, Work(directory, "exit 37"));
        await first.SendAsync(PacketType.Detach);
        await first.ExpectExitAsync();
        directory.Write("end", "");
        await other.ExpectSessionsAsync(0);

        await other.SendAsync(PacketType.Open, Request.Resume(first, 4));

        Assert.Contains("37", (await other.ExpectLastErrorAsync("unknown-session")).Text("text"), StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task Of_many_the_newest_are_remembered_and_their_memory_is_bounded()
    {
        const int Sessions = 8; // of 2 MiB, and 8 MiB are remembered
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        List<SessionPeer> peers = [];
        for (int i = 0; i < Sessions; i++)
        {
            peers.Add(await SessionPeer.OpenAsync(router, Request.Open($"work-{i}", shell: $"seq 1 300000; exit {i}", onDisconnect: "keep"), keepsOutput: false));
            await peers[i].ExpectExitAsync();
        }

        for (int i = 0; i < Sessions; i++)
        {
            await using var again = await SessionPeer.ConnectAsync(router);
            await again.SendAsync(PacketType.Open, Request.Resume(peers[i], peers[i].OutputLength - 1));
            if (i < Sessions - 4)
                await again.ExpectLastErrorAsync("unknown-session");
            else
                Assert.Equal(i, (await again.ExpectExitAsync()).Number("code"));
            await peers[i].DisposeAsync();
        }
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Those_who_look_on_do_not_push_a_driver_out_that_is_to_come_back()
    {
        using var directory = new TempDirectory();
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var other = await SessionPeer.ConnectAsync(router);
        await using var first = await SessionPeer.OpenAsync(router, Work(directory, "exit 3"));
        await first.LeaveAsync();
        for (int i = 0; i < 70; i++) // more than the 64 that a session knows
        {
            await using var looker = await SessionPeer.OpenAsync(router, Request.Attach("work", "viewer"));
        }

        directory.Write("end", "");
        await other.ExpectSessionsAsync(0);
        await using var second = await SessionPeer.OpenAsync(router, Request.Resume(first, 4));

        await ExpectRestAsync(second, "", 3);
    }

    /// <summary>Says "go", and when it is told to, does what is wanted and ends.</summary>
    private static JsonObject Work(TempDirectory directory, string end) =>
        Request.Open("work", shell: $"stty -echo; echo go; until [ -e {directory["end"]} ]; do sleep 0.02; done; {end}", onDisconnect: "keep");

    private static string Numbers(int count) => string.Concat(Enumerable.Range(1, count).Select(i => $"{i}\r\n"));

    private static async Task ExpectRestAsync(SessionPeer peer, string output, int code, bool hasGap = false)
    {
        var exit = await peer.ExpectExitAsync();
        Assert.Equal(code, exit.Number("code"));
        Assert.Equal(hasGap, peer.Opened.Has("gap"));
        Assert.True(peer.Output.Text == output, $"{peer.Output.Length} bytes and not {output.Length}");
    }
}
