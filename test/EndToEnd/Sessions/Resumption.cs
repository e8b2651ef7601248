using System.Text.Json.Nodes;

namespace Forkpty.EndToEnd.Sessions;

public sealed class Resumption
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, Extent.Of(1, 20))];

    [Theory(Timeout = 300_000)]
    [MemberData(nameof(Seeds))]
    public async Task A_hundred_breaks_anywhere_in_50_MB_each_way_lose_no_byte_and_repeat_none(int seed)
    {
        const int Size = 50_000_000; // 3 s
        using var directory = new TempDirectory();
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        var peer = new ResumingPeer(router, Size, breaks: 100, seed);

        // What comes back is looked at byte by byte; the program says itself what it has read.
        await peer.RunAsync("work", $"stty raw -echo; mkfifo {directory["copy"]}; sha256sum <{directory["copy"]} >{directory["sum"]} & printf go; head -c {Size} | tee {directory["copy"]}; exec cat", TimeSpan.FromSeconds(240));

        Assert.Equal(100, peer.Broken);
        await Patience.UntilAsync(() => File.ReadAllText(directory["sum"]).EndsWith('\n'), "the sum of what was typed");
        Assert.StartsWith(peer.Checksum, File.ReadAllText(directory["sum"]), StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Input_is_acknowledged_after_each_16_KiB_at_the_latest()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "stty raw -echo; echo go; exec cat >/dev/null", onDisconnect: "keep"));
        await peer.Output.ExpectAsync("go");

        for (int sent = 8_192; sent <= 400 * 1024; sent += 8_192)
        {
            await peer.SendAsync(PacketType.Data, new byte[8_192]);
            await peer.SettleAsync();
            long acknowledged = Acknowledged(peer);
            Assert.InRange(acknowledged, 0, sent);
            if (sent - acknowledged >= 16 * 1024)
                await Patience.UntilAsync(() => sent - Acknowledged(peer) < 16 * 1024, $"an ACK of {sent}");
        }
    }

    [Fact(Timeout = Patience.Test)]
    public async Task What_was_missed_and_is_remembered_follows_exactly()
    {
        using var flood = new Flood(100_000);
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var first = await SessionPeer.OpenAsync(router, flood.Open());
        await first.Output.ExpectAsync("go\r\n");
        await first.LeaveAsync();
        flood.Begin();
        await flood.OverAsync();

        await using var second = await SessionPeer.OpenAsync(router, Request.Resume(first, 2));
        await second.TypeAsync("\r");
        await second.Output.ExpectAsync("over-2\r\n");

        Assert.Equal(2, second.Opened.Number("offset"));
        Assert.False(second.Opened.Has("gap"));
        string expected = "\r\n" + flood.Text + "\r\nover-2\r\n";
        Assert.True(second.Output.Text == expected, $"{second.Output.Length} bytes and not {expected.Length}");
        Assert.Equal(0, second.Screen.Length);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task What_is_not_remembered_any_more_is_told_as_a_gap_and_painted()
    {
        using var flood = new Flood(1_000_000); // 7.9 MB, and 2 MiB are remembered
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var first = await SessionPeer.OpenAsync(router, flood.Open());
        await first.Output.ExpectAsync("go\r\n");
        await first.SendAsync(PacketType.Detach);
        await first.ExpectEndAsync();
        flood.Begin();
        await flood.OverAsync();

        await using var second = await SessionPeer.OpenAsync(router, Request.Resume(first, 4));
        await second.TypeAsync("\r");
        await second.Output.ExpectAsync("over-2\r\n");

        (long offset, long gap) = (second.Opened.Number("offset"), second.Opened.Number("gap"));
        string expected = "go\r\n" + flood.Text + "\r\nover-2\r\n";
        Assert.Equal(offset, 4 + gap);
        Assert.InRange(expected.Length - offset, 0, 2 * 1024 * 1024 + 1_000);
        Assert.True(second.Output.Text == expected[(int)offset..], $"{second.Output.Length} bytes and not {expected.Length - offset}");
        Assert.NotEqual(0, second.Screen.Length);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_program_that_floods_waits_for_its_only_driver_where_that_lost_its_connection()
    {
        using var flood = new Flood(1_000_000);
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var first = await SessionPeer.OpenAsync(router, flood.Open());
        await first.Output.ExpectAsync("go\r\n");
        await first.LeaveAsync();
        flood.Begin();
        await Flood.StandsAsync(router); // with the driver back too early, there would be nothing to see

        await using var second = await SessionPeer.OpenAsync(router, Request.Resume(first, 4));
        await flood.ExpectWholeAsync(second);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task It_does_not_wait_for_ever()
    {
        using var flood = new Flood(1_000_000);
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var first = await SessionPeer.OpenAsync(router, flood.Open());
        await first.Output.ExpectAsync("go\r\n");
        await first.LeaveAsync();

        flood.Begin();
        await flood.OverAsync(); // 10 s

        await using var second = await SessionPeer.OpenAsync(router, Request.Resume(first, 4));
        Assert.True(second.Opened.Number("gap") > 0);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task It_takes_the_place_of_a_connection_that_only_seems_to_be_there()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var first = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "stty -echo; echo go; while read x; do echo \"<$x>\"; done", onDisconnect: "keep"));
        await first.Output.ExpectAsync("go\r\n");
        await first.TypeAsync("one\r");
        await first.Output.ExpectAsync("<one>\r\n");

        await using var second = await SessionPeer.OpenAsync(router, Request.Resume(first, first.OutputLength));

        Assert.Equal(4, second.Opened.Number("input"));
        await first.ExpectEndAsync();
        await second.TypeAsync("two\r");
        await second.Output.ExpectAsync("<two>\r\n");
        Assert.Equal("<two>\r\n", second.Output.Text);
        Assert.Equal(1, Assert.Single(await second.ListAsync()).Number("clients"));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Two_clients_of_a_session_have_their_own_counts()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var one = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "stty -echo; while read x; do echo \"<$x>\"; done", onDisconnect: "keep"));
        await using var two = await SessionPeer.OpenAsync(router, Request.Attach("work"));
        await one.TypeAsync("12345\r");
        await one.Output.ExpectAsync("<12345>");
        await two.TypeAsync("1\r");
        await two.Output.ExpectAsync("<1>");
        Assert.NotEqual(one.Opened.Text("token"), two.Opened.Text("token"));
        await one.LeaveAsync();
        await two.LeaveAsync();

        await using var oneAgain = await SessionPeer.OpenAsync(router, Request.Resume(one, 0));
        await using var twoAgain = await SessionPeer.OpenAsync(router, Request.Resume(two, two.Opened.Number("offset") + two.OutputLength));

        Assert.Equal((6, 2), (oneAgain.Opened.Number("input"), twoAgain.Opened.Number("input")));
        Assert.Equal(0, oneAgain.Opened.Number("offset"));
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData("")]
    [InlineData("no-such-token")]
    [InlineData("../../etc/passwd")]
    public async Task A_token_that_is_none_gives_nobody_anothers_count(string token)
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var session = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "cat", onDisconnect: "keep"));
        await session.TypeAsync("one\r");
        await session.Output.ExpectAsync("one\r\none\r\n");
        await using var peer = await SessionPeer.ConnectAsync(router);

        await peer.SendAsync(PacketType.Open, new JsonObject { ["session"] = "work", ["mode"] = "attach", ["resume"] = token, ["received"] = 0 });

        await Patience.UntilAsync(() => peer.Packets.Any(packet => packet.Type is PacketType.Opened or PacketType.Error), "an answer");
        Assert.All(peer.Packets, packet => Assert.False(packet.Type == PacketType.Opened && packet.Has("input")));
        await session.TypeAsync("still here\r");
        await session.Output.ExpectAsync("still here\r\nstill here\r\n");
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData(1_000)]
    [InlineData(long.MaxValue)]
    public async Task An_offset_that_is_not_there_yet_hurts_nobody(long received)
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var first = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "echo go; exec cat", onDisconnect: "keep"));
        await first.Output.ExpectAsync("go\r\n");
        await using var second = await SessionPeer.ConnectAsync(router);

        await second.SendAsync(PacketType.Open, Request.Resume(first, received));

        await Patience.UntilAsync(() => second.Packets.Any(packet => packet.Type is PacketType.Opened or PacketType.Error), "an answer");
        await using var third = await SessionPeer.OpenAsync(router, Request.Attach("work"));
        await third.TypeAsync("still here\r");
        await third.Output.ExpectAsync("still here\r\nstill here\r\n");
    }

    private static long Acknowledged(SessionPeer peer) =>
        peer.Packets.LastOrDefault(packet => packet.Type == PacketType.Acknowledge) is { } last ? BitConverter.ToInt64(last.Payload) : 0;
}
