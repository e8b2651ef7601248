using System.Security.Cryptography;

namespace Forkpty.EndToEnd.Sessions;

public sealed class NoTerminal
{
    [Fact(Timeout = Patience.HeavyTest)]
    public async Task Binary_data_go_both_ways_unchanged_to_the_end_of_input()
    {
        byte[] data = new byte[Extent.Of(10, 100) * 1_000_000];
        new Random(3).NextBytes(data);
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.OpenAsync(router, Request.Open(command: ["/bin/cat"], terminal: false));

        foreach (byte[] piece in data.Chunk(50_000))
            await peer.SendAsync(PacketType.Data, piece);
        await peer.SendAsync(PacketType.EndOfInput);

        Assert.Equal(0, (await peer.ExpectExitAsync()).Number("code"));
        Assert.Equal(Convert.ToHexString(SHA256.HashData(data)), Convert.ToHexString(SHA256.HashData(peer.Output.Bytes)));
        Assert.Equal(0, peer.Errors.Length);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Standard_error_is_separate_and_the_status_comes_last()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.OpenAsync(router, Request.Open(shell: "tty; echo out; echo err >&2; echo out2; exit 3", terminal: false));

        var exit = await peer.ExpectExitAsync();

        Assert.Equal(3, exit.Number("code"));
        Assert.Equal("not a tty\nout\nout2\n", peer.Output.Text);
        Assert.Equal("err\n", peer.Errors.Text);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Megabytes_on_both_outputs_come_whole()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.OpenAsync(router, Request.Open(shell: "seq 1 200000 & seq 200001 400000 >&2; wait; exit 4", terminal: false));

        Assert.Equal(4, (await peer.ExpectExitAsync()).Number("code"));

        Assert.True(peer.Output.Text == string.Concat(Enumerable.Range(1, 200_000).Select(i => $"{i}\n")), "standard output");
        Assert.True(peer.Errors.Text == string.Concat(Enumerable.Range(200_001, 200_000).Select(i => $"{i}\n")), "standard error");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Sort_sorts()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.OpenAsync(router, Request.Open(command: ["/usr/bin/sort"], terminal: false));

        await peer.TypeAsync("b\na\n");
        await peer.TypeAsync("c");
        await peer.SendAsync(PacketType.EndOfInput);

        await peer.ExpectExitAsync();
        Assert.Equal("a\nb\nc\n", peer.Output.Text);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task EOF_without_input_is_an_empty_input()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.OpenAsync(router, Request.Open(shell: "wc -c", terminal: false));

        await peer.SendAsync(PacketType.EndOfInput);

        await peer.ExpectExitAsync();
        Assert.Equal("0", peer.Output.Text.Trim());
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_program_that_does_not_read_does_not_hold_the_client()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.OpenAsync(router, Request.Open(shell: "head -c 1; exit 6", terminal: false));

        try
        {
            for (int i = 0; i < 200; i++)
                await peer.SendAsync(PacketType.Data, new byte[50_000]);
        }
        catch (System.Net.Sockets.SocketException)
        {
            // The router has told the end and closed.
        }

        await peer.ExpectEndAsync();
        Assert.Equal(6, peer.Packets.Single(packet => packet.Type == PacketType.Exit).Number("code"));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_program_that_closes_its_outputs_and_goes_on_is_waited_for()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.OpenAsync(router, Request.Open(shell: "echo first; exec >&- 2>&-; read x; exit 7", terminal: false));
        await peer.Output.ExpectAsync("first\n");

        await peer.SettleAsync();
        await peer.TypeAsync("x\n");

        Assert.Equal(7, (await peer.ExpectExitAsync()).Number("code"));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_client_that_does_not_read_makes_the_program_wait()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var other = await SessionPeer.ConnectAsync(router);
        int memory = ProcessFacts.ResidentKiB(router.ProcessId);
        await using var peer = await SessionPeer.OpenUnreadAsync(router, Request.Open("work", shell: "seq 1 2000000; exit 8", terminal: false));
        await other.ExpectSessionsAsync(1);
        await other.SettleAsync();

        Assert.Single(await other.ListAsync());
        Assert.InRange(ProcessFacts.ResidentKiB(router.ProcessId) - memory, int.MinValue, 4 * 1024);
        peer.StartReading();
        Assert.Equal(8, (await peer.ExpectExitAsync()).Number("code"));
        Assert.True(peer.Output.Text == string.Concat(Enumerable.Range(1, 2_000_000).Select(i => $"{i}\n")), "standard output");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_signal_reaches_the_program()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.OpenAsync(router, Request.Open(command: ["/bin/cat"], terminal: false));

        await peer.SendAsync(PacketType.Signal, new byte[] { 15 });

        Assert.Equal(15, (await peer.ExpectExitAsync()).Number("signal"));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_signal_reaches_the_program_after_the_end_of_its_input()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.OpenAsync(router, Request.Open(command: ["/bin/sleep", "60"], terminal: false));

        await peer.SendAsync(PacketType.EndOfInput);
        await peer.TypeAsync("for nobody");
        await peer.SendAsync(PacketType.Signal, new byte[] { 15 });

        Assert.Equal(15, (await peer.ExpectExitAsync()).Number("signal"));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_program_that_closes_its_input_costs_no_processor_time()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.OpenAsync(router, Request.Open(shell: "exec <&-; echo closed; exec sleep 1000", terminal: false));
        await peer.Output.ExpectAsync("closed\n");
        await peer.SettleAsync();

        long before = ProcessFacts.ProcessorTicks(router.ProcessId);
        await Task.Delay(500, TestContext.Current.CancellationToken); // idleness has no event to wait for
        Assert.InRange(ProcessFacts.ProcessorTicks(router.ProcessId) - before, 0, 5);

        await peer.TypeAsync("for nobody");
        await peer.SendAsync(PacketType.EndOfInput);
        await peer.SendAsync(PacketType.Signal, new byte[] { 15 });
        Assert.Equal(15, (await peer.ExpectExitAsync()).Number("signal"));
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData("keep")]
    [InlineData("keep=10")]
    public async Task There_is_nothing_to_come_back_to_so_it_cannot_be_kept(string onDisconnect)
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.ConnectAsync(router);

        await peer.SendAsync(PacketType.Open, Request.Open("work", command: ["/bin/cat"], onDisconnect: onDisconnect, terminal: false));

        await peer.ExpectLastErrorAsync("not-kept");
        Assert.Empty(ProcessFacts.Children(router.ProcessId));
    }
}
