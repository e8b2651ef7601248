using System.Text.Json;

namespace Forkpty.EndToEnd;

public sealed class Stats
{
    [Theory(Timeout = Patience.Test)]
    [InlineData(RouterKind.Fpty)]
    [InlineData(RouterKind.Uwsgi)]
    public async Task Whoever_connects_reads_json_and_the_end(RouterKind router)
    {
        using var directory = new TempDirectory();
        await using var process = await RouterProcess.StartAsync(router, new RouterSetup().With("forkptyrouter-stats", directory["s"]));

        using var stats = await ReadAsync(process, directory["s"]);

        Assert.Equal(JsonValueKind.Object, stats.RootElement.ValueKind);
        Assert.True(stats.RootElement.TryGetProperty("version", out _));
        Assert.True(stats.RootElement.TryGetProperty("active_sessions", out var active));
        Assert.Equal(0, active.GetInt32());
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Open_sessions_are_counted()
    {
        using var directory = new TempDirectory();
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup().With("forkptyrouter-stats", directory["s"]));
        await using var first = await Conversation.JoinAsync(process, ClientKind.Socket, Wire.Raw);
        await using var second = await Conversation.JoinAsync(process, ClientKind.Socket, Wire.Uwsgi);
        await first.ReadyAsync();
        await second.ReadyAsync();

        using (var stats = await ReadAsync(process, directory["s"]))
            Assert.Equal(2, stats.RootElement.GetProperty("active_sessions").GetInt32());

        await second.TypeLineAsync("exit");
        await second.Client.ExpectOverAsync();
        using (var stats = await ReadAsync(process, directory["s"]))
            Assert.Equal(1, stats.RootElement.GetProperty("active_sessions").GetInt32());
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Bytes_refusals_and_packets_of_an_unknown_kind_are_counted_since_the_start()
    {
        var before = DateTimeOffset.UtcNow.AddSeconds(-1);
        using var directory = new TempDirectory();
        var setup = new RouterSetup().With("forkptyrouter-stats", directory["s"]).With("forkptyrouter-command", "/nowhere/at/all");
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty, setup);
        await using (var refused = await SocketClient.ConnectAsync(process.RawAddress, Wire.Raw))
            await refused.ExpectOverAsync();
        using (var stats = await ReadAsync(process, directory["s"]))
        {
            Assert.InRange(stats.RootElement.GetProperty("refused").GetInt32(), 1, 2); // whoever starts the router may look whether it listens
            Assert.InRange(stats.RootElement.GetProperty("since").GetDateTimeOffset(), before, DateTimeOffset.UtcNow);
            Assert.Equal(process.ProcessId, stats.RootElement.GetProperty("pid").GetInt32());
        }

        await using var another = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup().With("forkptyrouter-stats", directory["t"]));
        await using var talk = await Conversation.JoinAsync(another, ClientKind.Socket, Wire.Uwsgi);
        Assert.Equal("12345", await talk.AskAsync("echo 12345"));
        await talk.Socket.SendPacketAsync(77, 0); // neither input, nor a window, nor a signal
        Assert.Equal("67890", await talk.AskAsync("echo 67890"));
        using (var stats = await ReadAsync(another, directory["t"]))
        {
            Assert.Equal(1, stats.RootElement.GetProperty("unknown_packets").GetInt32());
            Assert.InRange(stats.RootElement.GetProperty("rx").GetInt64(), 20, 1000);
            Assert.InRange(stats.RootElement.GetProperty("tx").GetInt64(), 20, 2000);
            Assert.InRange(stats.RootElement.GetProperty("loops").GetInt32(), 1, 3);
            Assert.InRange(stats.RootElement.GetProperty("sessions").GetInt32(), 1, 3);
        }
    }

    private static async Task<JsonDocument> ReadAsync(RouterProcess process, string address)
    {
        await process.WaitUntilListeningAsync(address);
        await using var client = await SocketClient.ConnectAsync(address, Wire.Raw);
        await client.Output.ExpectEndAsync();
        return JsonDocument.Parse(client.Output.Bytes);
    }
}
