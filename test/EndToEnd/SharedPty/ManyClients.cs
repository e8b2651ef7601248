namespace Forkpty.EndToEnd;

public sealed class ManyClients
{
    [Fact(Timeout = Patience.Test)]
    public async Task All_see_the_same_and_each_can_type()
    {
        await using var shared = await SharedTerminal.StartAsync("/bin/sh");
        await using var first = await SocketClient.ConnectAsync(shared.Address, Wire.Raw);
        await using var second = await SocketClient.ConnectAsync(shared.Address, Wire.Raw);
        await SharedTerminal.AttachedAsync(first, second);

        await first.TypeAsync("echo one-$((10+1))\r");
        await first.Output.ExpectAsync("one-11");
        await second.Output.ExpectAsync("one-11");

        await second.TypeAsync("echo two-$((20+2))\r");
        await first.Output.ExpectAsync("two-22");
        await second.Output.ExpectAsync("two-22");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task One_that_leaves_does_not_end_the_program()
    {
        await using var shared = await SharedTerminal.StartAsync("/bin/sh");
        await using var stays = await SocketClient.ConnectAsync(shared.Address, Wire.Raw);
        await using (var leaves = await SocketClient.ConnectAsync(shared.Address, Wire.Raw))
        {
            await SharedTerminal.AttachedAsync(stays, leaves);
            await leaves.TypeAsync("X=kept\r");
        }

        await stays.TypeAsync("echo $X-$((1+1))\r");

        await stays.Output.ExpectAsync("kept-2");
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData(ClientKind.Fpty)]
    [InlineData(ClientKind.Uwsgi)]
    public async Task A_client_program_can_join(ClientKind client)
    {
        await using var shared = await SharedTerminal.StartAsync("/bin/sh");
        await using var joined = await Conversation.ConnectAsync(client, shared.Address, Wire.Raw);

        await joined.TypeAsync("echo joined-$((1+1))\r");

        await joined.Output.ExpectAsync("joined-2");
    }
}
