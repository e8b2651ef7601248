using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Forkpty.EndToEnd;

public sealed class DescriptorLimit
{
    private static readonly RouterSetup Limited = new() { Wrapper = ["/usr/bin/prlimit", "--nofile=64:64", "--"], Command = "echo served; exec cat" };

    [Theory(Timeout = Patience.HeavyTest)]
    [InlineData(Wire.Raw)]
    [InlineData(Wire.Uwsgi)]
    public async Task At_the_limit_new_clients_read_why_within_a_second_old_ones_go_on_the_processor_idles_and_it_recovers(Wire wire)
    {
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty, Limited);
        await using var old = await Conversation.JoinAsync(process, ClientKind.Socket, wire);
        await ServedAsync(old);

        await Patience.PromiseAsync(TimeSpan.FromSeconds(1), "one sentence to each of the clients for whom nothing is left", async () =>
        {
            var crowd = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => KnockAsync(process.Address(wire), wire)));
            await EchoAsync(old);
            await ProcessFacts.ExpectIdleAsync(process.ServingProcessId);
            foreach (var (client, _) in crowd)
                await client.LeaveAsync();
            await Patience.UntilAsync(() => process.Facts().Masters == 1, "the end of the crowd");
            Assert.InRange(crowd.Count(knock => knock.Refused is null), 0, 21); // three descriptors each, of 64; all at once each may have the first of three, and nobody all
            return crowd.Max(knock => knock.Refused ?? TimeSpan.Zero);
        });

        await using var another = await Conversation.JoinAsync(process, ClientKind.Socket, wire);
        await ServedAsync(another);
        await EchoAsync(old);
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task At_the_limit_the_client_says_why_within_a_second_and_has_a_status()
    {
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty, Limited);
        var clients = new List<SocketClient>();
        for (TimeSpan? refused = null; refused is null;)
        {
            (var client, refused) = await KnockAsync(process.RawAddress, Wire.Raw);
            clients.Add(client);
        }

        Assert.InRange(clients.Count, 10, 22); // three descriptors each, of 64
        // Up to two may be left, with which it gets further; the reason comes from another place then, at the last as a line without a packet around it.
        using var one = await HoldAsync();
        await ExpectReasonsAsync();
        using var another = await HoldAsync();
        await ExpectReasonsAsync();
        foreach (var client in clients)
            await client.LeaveAsync();

        async Task<Socket> HoldAsync()
        {
            await ExpectReasonsAsync();
            var held = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await held.ConnectAsync(new UnixDomainSocketEndPoint(process.UwsgiAddress));
            try
            {
                await held.SendAsync(new byte[] { 0 }); // the begin of a packet
            }
            catch (SocketException)
            {
                // It was refused: then there is nothing left to hold.
            }

            return held;
        }

        async Task ExpectReasonsAsync()
        {
            await ExpectReasonAsync(process.UwsgiAddress);
            await ExpectReasonAsync(process.UwsgiAddress, "--name", "kept");
            await ExpectReasonAsync(process.RawAddress, "--raw");
        }

        Task ExpectReasonAsync(params string[] arguments) => Patience.PromiseAsync(TimeSpan.FromSeconds(1), "the reason, from fpty connect", async () =>
        {
            Command.Result? result = null;
            var took = await Patience.TimeAsync(async () => result = await Command.RunAsync([Binaries.Fpty, "connect", .. arguments]));
            Assert.Equal(("", 255), (result!.Output, result.Status));
            Assert.Matches(@"^fpty: [^\n]*no file descriptor left[^\n]*\n$", result.Error);
            return took;
        });
    }

    /// <summary>Connects; waits for the terminal, or for one sentence and the end, and then tells how long these took.</summary>
    private static async Task<(SocketClient Client, TimeSpan? Refused)> KnockAsync(string address, Wire wire)
    {
        SocketClient? client = null;
        var isServed = false;
        var took = await Patience.TimeAsync(async () =>
        {
            client = await SocketClient.ConnectAsync(address, wire);
            isServed = (await client.Output.ExpectAsync(new Regex("served\r\n|fpty: [^\n]*no file descriptor left[^\n]*\r\n"))).Value == "served\r\n";
            if (!isServed)
                await client.ExpectOverAsync();
        });
        if (!isServed)
            Assert.Matches("^[^\n]*\r\n$", client!.Output.Text);
        return (client!, isServed ? null : took);
    }

    /// <summary>Not before the program runs: what is typed earlier stands before its first line.</summary>
    private static async Task ServedAsync(Conversation talk)
    {
        await talk.Output.ExpectAsync("served\r\n");
        await EchoAsync(talk);
    }

    private static async Task EchoAsync(Conversation talk)
    {
        await talk.TypeLineAsync("still here");
        await talk.Output.ExpectAsync("still here\r\nstill here\r\n");
    }
}
