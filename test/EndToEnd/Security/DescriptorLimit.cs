namespace Forkpty.EndToEnd;

public sealed class DescriptorLimit
{
    [Fact(Timeout = Patience.HeavyTest)]
    public async Task At_the_limit_new_clients_read_why_old_ones_go_on_the_processor_idles_and_it_recovers()
    {
        var setup = new RouterSetup { Wrapper = ["/usr/bin/prlimit", "--nofile=64:64", "--"], Command = "/bin/cat" };
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty, setup);
        await using var old = await Conversation.JoinAsync(process, ClientKind.Socket, Wire.Raw);
        await EchoAsync(old);
        var clients = new List<SocketClient>();
        for (var i = 0; i < 200; i++)
            clients.Add(await SocketClient.ConnectAsync(process.RawAddress, Wire.Raw));

        await Patience.UntilAsync(() => clients.Any(c => c.Output.Length > 0 && c.Output.End is not null), "a refused client that can read why");
        await EchoAsync(old);
        await IdleAsync(process.ServingProcessId);

        foreach (var client in clients)
            await client.LeaveAsync();
        await Patience.UntilAsync(() => process.Facts().Masters == 1, "the end of the crowd");
        await using var another = await Conversation.JoinAsync(process, ClientKind.Socket, Wire.Raw);
        await EchoAsync(another);
        await EchoAsync(old);
    }

    private static async Task IdleAsync(int pid)
    {
        var before = ProcessFacts.ProcessorTicks(pid);
        await Task.Delay(TimeSpan.FromSeconds(2)); // the measure: 200 ticks of 10 ms
        Assert.InRange(ProcessFacts.ProcessorTicks(pid) - before, 0, 40);
    }

    private static async Task EchoAsync(Conversation talk)
    {
        await talk.TypeLineAsync("still here");
        await talk.Output.ExpectAsync("still here\r\nstill here\r\n");
    }
}
