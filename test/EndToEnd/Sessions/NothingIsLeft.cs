using System.Text.Json.Nodes;

namespace Forkpty.EndToEnd.Sessions;

public sealed class NothingIsLeft
{
    private static readonly Func<RouterProcess, Task>[] Visits =
    [
        async router =>
        {
            await using var peer = await SessionPeer.OpenAsync(router, Request.Open(shell: "echo $((6*7)); exit 3"));
            await peer.ExpectExitAsync();
        },
        async router =>
        {
            await using var peer = await SessionPeer.OpenAsync(router, Request.Open(shell: "echo go; cat"));
            await peer.Output.ExpectAsync("go");
        },
        async router =>
        {
            await using var peer = await SessionPeer.OpenAsync(router, Request.Open(shell: "sleep 987 & setsid sleep 986 & echo go; cat", onDisconnect: "kill"));
            await peer.Output.ExpectAsync("go");
        },
        async router =>
        {
            await using var peer = await SessionPeer.OpenAsync(router, Request.Open(shell: "cat; exit 2", terminal: false));
            await peer.SendAsync(PacketType.EndOfInput);
            await peer.ExpectExitAsync();
        },
        async router =>
        {
            await using var peer = await SessionPeer.OpenAsync(router, Request.Open(shell: "cat", terminal: false));
        },
        async router =>
        {
            await using var peer = await SessionPeer.ConnectAsync(router);
            await peer.SendAsync(PacketType.Open, Request.Open(command: ["/no/such/program"]));
            await peer.ExpectLastErrorAsync("cannot-start");
        },
        async router =>
        {
            await using var peer = await SessionPeer.OpenAsync(router, Request.Open(shell: "cat", onDisconnect: "keep"));
            await using var viewer = await SessionPeer.OpenAsync(router, Request.Attach(peer.Name, "viewer"));
            await peer.SendAsync(PacketType.Detach);
            await peer.ExpectExitAsync();
            await using var again = await SessionPeer.OpenAsync(router, new JsonObject { ["session"] = peer.Name, ["mode"] = "attach", ["resume"] = peer.Opened.Text("token"), ["received"] = 0 });
            await again.SendAsync(PacketType.Kill, Request.Of(peer.Name));
            await again.ExpectExitAsync();
            await viewer.ExpectExitAsync();
        },
        async router =>
        {
            await using var peer = await SessionPeer.ConnectAsync(router);
            await peer.SendAsync(PacketType.Events);
            await peer.ExpectAsync(PacketType.Event);
        },
        async router =>
        {
            await using var peer = await SessionPeer.OpenAsync(router, Request.Open(shell: "cat"));
            await peer.SendAsync(PacketType.Ping, new byte[65]);
            await peer.ExpectLastErrorAsync("malformed");
        },
        async router =>
        {
            await using var peer = await SessionPeer.ConnectSilentlyAsync(router);
            await peer.SendBytesAsync((byte[])[.. SessionPeer.Upgrade(24, 80), .. SessionPeer.Packet(PacketType.Open, Request.Payload(Request.Open(shell: "cat")))]);
        },
    ];

    [Fact(Timeout = Patience.HeavyTest, DisableParallelization = true)]
    public async Task After_every_kind_of_visit_there_is_no_descriptor_process_or_terminal_more_than_before()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup { Wrapper = PrivateTerminals.Wrapper() });
        for (int round = 0; round < 5; round++)
            await RoundAsync();
        await QuietAsync();
        var before = router.Facts();

        for (int round = 0; round < 20; round++)
            await RoundAsync();

        await QuietAsync();
        await Patience.UntilAsync(() => router.Facts().IsWithin(before), $"no more than before ({before}); now {router.Facts()}");
        await using var other = await SessionPeer.ConnectAsync(router);
        Assert.Empty(await other.ListAsync());

        Task RoundAsync() => Task.WhenAll(Visits.Select(visit => visit(router)));

        async Task QuietAsync()
        {
            await Patience.UntilAsync(() => ProcessFacts.Descendants(router.ProcessId).Count == 0, "no process");
            await Patience.UntilAsync(() => PrivateTerminals.Count(router.ProcessId) == 0, "no terminal");
        }
    }
}
