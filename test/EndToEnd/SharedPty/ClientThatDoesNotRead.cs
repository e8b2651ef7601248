namespace Forkpty.EndToEnd;

public sealed class ClientThatDoesNotRead
{
    [Fact(Timeout = Patience.HeavyTest)]
    public async Task It_is_dropped_and_the_others_go_on()
    {
        const int Lines = 1_000_000;
        await using var shared = await SharedTerminal.StartAsync("/bin/sh");
        await using var reads = await SocketClient.ConnectAsync(shared.Address, Wire.Raw);
        await using var sleeps = await SocketClient.ConnectAsync(shared.Address, Wire.Raw, read: false);
        await SharedTerminal.AttachedAsync(reads);

        await reads.TypeAsync($"seq 1 {Lines}; echo over-$((1+1))\r");

        await reads.Output.ExpectAsync("over-2");
        Assert.Contains($"\r\n{Lines}\r\n", reads.Output.Text, StringComparison.Ordinal);
        sleeps.StartReading();
        await sleeps.ExpectOverAsync();
        await reads.TypeAsync("echo still-$((1+1))\r");
        await reads.Output.ExpectAsync("still-2");
    }
}
