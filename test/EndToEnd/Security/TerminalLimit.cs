using System.Text.RegularExpressions;

namespace Forkpty.EndToEnd;

public sealed class TerminalLimit
{
    [Fact(Timeout = Patience.Test)]
    public async Task With_no_terminal_left_a_client_reads_why_within_a_second_and_old_sessions_go_on()
    {
        const int Most = 3;
        var setup = new RouterSetup { Wrapper = PrivateTerminals.Wrapper(Most) };
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty, setup);
        var old = new List<Conversation>();
        for (var i = 0; i < Most; i++)
        {
            old.Add(await Conversation.JoinAsync(process, ClientKind.Socket, Wire.Raw));
            await old[^1].ReadyAsync();
        }

        for (var i = 0; i < 50; i++)
        {
            await using var refused = await SocketClient.ConnectAsync(process.RawAddress, Wire.Raw);
            await refused.ExpectOverAsync();
            Assert.NotEqual("", refused.Output.Text.Trim());
        }

        foreach (var talk in old)
            await talk.ReadyAsync();
        Assert.InRange(process.Log.Text.Split('\n').Length, 0, 40);

        await old[0].DisposeAsync();
        await Patience.UntilAsync(() => process.Facts().Masters == Most - 1, "a free terminal");
        await Patience.UntilAsync(GetsTerminalAsync, "a session on it"); // the kernel counts the old one until its shell has let go of it too
        foreach (var talk in old.Skip(1))
            await talk.DisposeAsync();

        async Task<bool> GetsTerminalAsync()
        {
            await using var another = await SocketClient.ConnectAsync(process.RawAddress, Wire.Raw);
            await another.TypeAsync("echo ready-$((40+2))\r");
            return (await another.Output.ExpectAsync(new Regex("ready-42|no terminal is left"))).Value == "ready-42";
        }
    }
}
