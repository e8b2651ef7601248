using System.Diagnostics;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Forkpty.EndToEnd;

public sealed class TerminalLimit
{
    private const int Most = 3;

    [Theory(Timeout = Patience.HeavyTest)]
    [InlineData(Wire.Raw)]
    [InlineData(Wire.Uwsgi)]
    public async Task With_no_terminal_left_a_client_reads_why_within_a_second_old_sessions_go_on_and_the_processor_idles(Wire wire)
    {
        var setup = new RouterSetup { Wrapper = PrivateTerminals.Wrapper(Most) };
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty, setup);
        var old = new List<Conversation>();
        for (var i = 0; i < Most; i++)
        {
            old.Add(await Conversation.JoinAsync(process, ClientKind.Socket, Wire.Raw));
            await old[^1].ReadyAsync();
        }

        long begun = Stopwatch.GetTimestamp();
        for (var i = 0; i < 50; i++)
        {
            await Patience.PromiseAsync(TimeSpan.FromSeconds(1), "one sentence and the end", () => Patience.TimeAsync(async () =>
            {
                await using var refused = await SocketClient.ConnectAsync(process.Address(wire), wire);
                await refused.ExpectOverAsync();
                Assert.Matches("^fpty: [^\n]*no terminal is left[^\n]*\r\n$", refused.Output.Text);
            }));
        }

        await Patience.PromiseAsync(TimeSpan.FromSeconds(1), "the reason, from fpty connect", async () =>
        {
            Command.Result? result = null;
            var took = await Patience.TimeAsync(async () => result = await Command.RunAsync([Binaries.Fpty, "connect", process.UwsgiAddress]));
            Assert.Equal(("", 255), (result!.Output, result.Status));
            Assert.Matches(@"^fpty: [^\n]*no terminal is left[^\n]*\n$", result.Error);
            return took;
        });
        await ProcessFacts.ExpectIdleAsync(process.ServingProcessId);

        foreach (var talk in old)
            await talk.ReadyAsync();
        Assert.InRange(process.Log.Text.Split('\n').Length, 0, 10 + (6 * (int)Stopwatch.GetElapsedTime(begun).TotalSeconds) + 6); // refusals: at most 6 a second

        await old[0].DisposeAsync();
        await Patience.UntilAsync(() => process.Facts().Masters == Most - 1, "a free terminal");
        await Patience.UntilAsync(GetsTerminalAsync, "a session on it"); // the kernel counts the old one until its shell has let go of it too
        foreach (var talk in old.Skip(1))
            await talk.DisposeAsync();

        async Task<bool> GetsTerminalAsync()
        {
            await using var another = await SocketClient.ConnectAsync(process.RawAddress, Wire.Raw);
            try
            {
                await another.TypeAsync("echo ready-$((40+2))\r");
            }
            catch (SocketException)
            {
                // It was refused, and that is what it reads.
            }

            return (await another.Output.ExpectAsync(new Regex("ready-42|no terminal is left"))).Value == "ready-42";
        }
    }
}
