namespace Forkpty.EndToEnd;

public sealed class NothingLostAtExit
{
    private const int Size = 1 << 20;

    [Theory(Timeout = Patience.HeavyTest, DisableParallelization = true)]
    [InlineData("fast")]
    [InlineData("slow")]
    public async Task A_mebibyte_before_the_exit_comes_whole_two_hundred_times(string reader)
    {
        const int Times = 200;
        const int AtOnce = 4;
        var setup = new RouterSetup { Command = $"stty -opost; head -c {Size} /dev/zero | tr '\\0' x; printf end" };
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty, setup);

        for (var done = 0; done < Times; done += AtOnce)
        {
            await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
            {
                await using var client = await SocketClient.ConnectAsync(process.RawAddress, Wire.Raw, read: false);
                if (reader == "slow")
                    await Task.Delay(20); // the stimulus: by then the router is full
                client.StartReading(chunk: reader == "slow" ? 700 : 65_536);
                await client.ExpectOverAsync();
                Assert.Equal(Size + 3, client.Output.Length);
                Assert.EndsWith("xend", client.Output.Text, StringComparison.Ordinal);
            }));
        }
    }
}
