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

    private static async Task<JsonDocument> ReadAsync(RouterProcess process, string address)
    {
        await process.WaitUntilListeningAsync(address);
        await using var client = await SocketClient.ConnectAsync(address, Wire.Raw);
        await client.Output.ExpectEndAsync();
        return JsonDocument.Parse(client.Output.Bytes);
    }
}
