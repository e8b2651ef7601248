using System.Text;

namespace Forkpty.EndToEnd.Sessions;

public sealed class Malformed
{
    [Theory(Timeout = Patience.Test)]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{} x")]
    [InlineData("{\"session\":1}")]
    [InlineData("{\"mode\":\"join\"}")]
    [InlineData("{\"role\":\"root\"}")]
    [InlineData("{\"command\":\"/bin/sh\"}")]
    [InlineData("{\"command\":[1]}")]
    [InlineData("{\"environment\":{\"A\":1}}")]
    [InlineData("{\"on-disconnect\":\"stay\"}")]
    [InlineData("{\"on-disconnect\":\"keep=0\"}")]
    [InlineData("{\"received\":1e400}")]
    [InlineData("{\"session\":\"\\ud800\"}")]
    public async Task An_OPEN_that_means_nothing_is_an_error(string json)
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.ConnectAsync(router);

        await peer.SendAsync(PacketType.Open, Encoding.UTF8.GetBytes(json));

        await peer.ExpectLastErrorAsync("malformed");
        Assert.Equal(0, router.Facts().Masters);
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData(PacketType.WindowSize, 0)]
    [InlineData(PacketType.WindowSize, 4)]
    [InlineData(PacketType.WindowSize, 7)]
    [InlineData(PacketType.WindowSize, 9)]
    [InlineData(PacketType.Signal, 0)]
    [InlineData(PacketType.Signal, 2)]
    [InlineData(PacketType.EndOfInput, 1)]
    [InlineData(PacketType.List, 1)]
    [InlineData(PacketType.Redraw, 1)]
    [InlineData(PacketType.Events, 1)]
    [InlineData(PacketType.Ping, 65)]
    [InlineData(PacketType.Ping, 65_535)]
    [InlineData(PacketType.Kill, 0)]
    [InlineData(PacketType.Detach, 1)]
    public async Task A_payload_of_a_wrong_length_is_an_error(byte type, int length)
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var greeted = await SessionPeer.ConnectAsync(router);
        await using var attached = await SessionPeer.OpenAsync(router, Request.Open(shell: "cat"));

        await greeted.SendAsync(type, new byte[length]);
        await attached.SendAsync(type, new byte[length]);

        await greeted.ExpectLastErrorAsync("malformed");
        await attached.ExpectLastErrorAsync("malformed");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Types_that_are_not_known_are_ignored_with_their_payload()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.ConnectAsync(router);
        await SendUnknownAsync();
        await peer.SettleAsync();

        await peer.OpenAsync(Request.Open(shell: "cat"));
        await SendUnknownAsync();
        await peer.SettleAsync();

        await peer.TypeAsync("here\r");
        await peer.Output.ExpectAsync("here\r\nhere\r\n");

        async Task SendUnknownAsync()
        {
            for (int type = PacketType.Upgrade + 1; type < 256; type++)
            {
                if (type is not (PacketType.Rows or PacketType.Columns))
                    await peer.SendAsync((byte)type, new byte[type % 3 * 1_000]);
            }
        }
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Members_that_are_not_known_are_ignored()
    {
        var open = Request.Open(shell: "echo here; cat");
        open["colour"] = "red";
        open["later"] = new System.Text.Json.Nodes.JsonObject { ["a"] = new System.Text.Json.Nodes.JsonArray(1, 2) };
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.OpenAsync(router, open);

        await peer.Output.ExpectAsync("here\r\n");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Windows_of_absurd_sizes_cost_a_screen_of_bounded_size()
    {
        (int Rows, int Columns)[] sizes = [(65_535, 65_535), (1, 65_535), (65_535, 1), (20_000, 20_000), (0, 0), (0, 80), (24, 0), (1, 1), (24, 80)];
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "stty raw -echo; printf go; exec cat", onDisconnect: "keep"));
        await peer.Output.ExpectAsync("go");
        int memory = ProcessFacts.ResidentKiB(router.ProcessId);

        foreach (var (rows, columns) in sizes)
        {
            await peer.ResizeAsync(rows, columns);
            await peer.TypeAsync("\e[2J\e[9999;9999Hx" + new string('y', 1_000) + string.Concat(Enumerable.Repeat("z\r\n", 500)) + $"{rows} and {columns} are over.");
            await peer.Output.ExpectAsync($"{rows} and {columns} are over.");
        }

        Assert.InRange(ProcessFacts.ResidentKiB(router.ProcessId) - memory, int.MinValue, 40 * 1024);
        await using var other = await SessionPeer.OpenAsync(router, Request.Attach("work"), rows: 65_535, columns: 65_535);
        await other.SettleAsync();
        await peer.TypeAsync("still here");
        await other.Output.ExpectAsync("still here");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Brackets_alone_cost_nothing()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        byte[] payload = Encoding.ASCII.GetBytes(new string('[', 65_535));
        for (int i = 0; i < 50; i++)
        {
            await using var peer = await SessionPeer.ConnectAsync(router);
            await peer.SendAsync(PacketType.Open, payload);
            await peer.ExpectLastErrorAsync("malformed");
        }

        Assert.True(ProcessFacts.ProcessorTicks(router.ProcessId) < 100, "a second of processor time for 50 of them");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Ten_megabytes_of_JSON_are_refused_after_the_first_packet_of_them()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var witness = await SessionPeer.OpenAsync(router, Request.Open(shell: "cat"));
        int memory = ProcessFacts.ResidentKiB(router.ProcessId);
        byte[] json = Encoding.ASCII.GetBytes("{\"environment\":{" + string.Concat(Enumerable.Range(0, 700_000).Select(i => $"\"V{i}\":\"x\",")));
        await using var peer = await SessionPeer.ConnectAsync(router);

        try
        {
            foreach (byte[] piece in json.Chunk(65_535))
                await peer.SendAsync(PacketType.Open, piece);
        }
        catch (System.Net.Sockets.SocketException)
        {
            // Closed by the router, which has read enough.
        }

        await peer.ExpectEndAsync();
        Assert.InRange(ProcessFacts.ResidentKiB(router.ProcessId) - memory, int.MinValue, 4 * 1024);
        await witness.SettleAsync();
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Packets_cut_off_anywhere_hurt_nobody()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        byte[] whole = [.. SessionPeer.Upgrade(24, 80), .. SessionPeer.Packet(PacketType.Open, Request.Payload(Request.Open("cut", shell: "cat", onDisconnect: "kill")))];
        for (int length = 0; length <= whole.Length; length++)
        {
            await using var peer = await SessionPeer.ConnectSilentlyAsync(router);
            await peer.SendBytesAsync(whole.AsMemory(0, length));
        }

        await using var other = await SessionPeer.ConnectAsync(router);
        await other.ExpectSessionsAsync(0);
        await Patience.UntilAsync(() => router.Facts().Masters == 0, "no terminal");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Two_hundred_clients_that_announce_64_KiB_and_send_nothing_cost_no_more_than_that()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var other = await SessionPeer.ConnectAsync(router);
        int memory = ProcessFacts.ResidentKiB(router.ProcessId);
        var peers = new List<SessionPeer>();
        for (int i = 0; i < 200; i++)
        {
            var peer = await SessionPeer.ConnectAsync(router);
            await peer.SendBytesAsync(new byte[] { 0xF5, 0xFF, 0xFF, PacketType.Open, (byte)'{' });
            peers.Add(peer);
        }

        await other.SettleAsync();
        Assert.InRange(ProcessFacts.ResidentKiB(router.ProcessId) - memory, int.MinValue, 200 * 64 + 8 * 1024);
        foreach (var peer in peers)
            await peer.DisposeAsync();
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Texts_that_grow_when_they_are_written_fit_their_packets()
    {
        // 20,000 characters of two bytes fit an OPEN; escaped for JSON, or in a sentence around them, they may not fit the answer any more.
        string longWord = string.Concat(Enumerable.Repeat("é", 20_000));
        string controls = string.Concat(Enumerable.Repeat("\u0001", 10_000));
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var subscriber = await SessionPeer.ConnectAsync(router);
        await subscriber.SendAsync(PacketType.Events);
        await using var witness = await SessionPeer.OpenAsync(router, Request.Open("witness", shell: "cat"));
        await using var session = await SessionPeer.ConnectAsync(router);
        await session.SendAsync(PacketType.Open, Raw($$"""{"session":"long","command":["/bin/sh","-c","cat","{{longWord}}"]}"""));
        await session.ExpectAsync(PacketType.Opened);

        Assert.Equal(2, (await witness.ListAsync()).Count);
        await subscriber.ExpectAsync(PacketType.Event, happened => happened.Text("event") == "started" && happened.Json.GetProperty("session").GetProperty("session").GetString() == "long");
        string[] requests =
        [
            $$"""{"command":["/no/such/{{longWord}}"]}""",
            $$"""{"command":["/bin/true"],"directory":"/{{longWord}}"}""",
            $$"""{"session":"{{longWord}}"}""",
            $$"""{"session":"{{longWord}}","mode":"attach"}""",
            $$"""{"resume":"{{longWord}}"}""",
            $$"""{"session":"{{controls.Replace("\u0001", "\\n", StringComparison.Ordinal)}}"}""",
        ];
        foreach (string request in requests)
        {
            await using var peer = await SessionPeer.ConnectAsync(router);
            await peer.SendAsync(PacketType.Open, Raw(request));
            await peer.ExpectAsync(PacketType.Error);
            await peer.ExpectEndAsync();
        }

        await witness.SendAsync(PacketType.Kill, Raw($$"""{"session":"{{longWord}}"}"""));
        await witness.ExpectErrorAsync("unknown-session");
        await witness.TypeAsync("still here\r");
        await witness.Output.ExpectAsync("still here\r\nstill here\r\n");
    }

    private static byte[] Raw(string json) => Encoding.UTF8.GetBytes(json);
}
