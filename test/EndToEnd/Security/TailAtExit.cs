using System.Text.RegularExpressions;

namespace Forkpty.EndToEnd;

public sealed partial class TailAtExit
{
    [Theory(Timeout = Patience.Test)]
    [InlineData(RouterKind.Fpty)]
    [InlineData(RouterKind.Uwsgi)]
    public async Task A_reader_that_comes_two_seconds_late_gets_every_line(RouterKind router)
    {
        await using var process = await RouterProcess.StartAsync(router, new RouterSetup { Command = "seq 1 300000; exit 3" });
        await using var client = await SocketClient.ConnectAsync(process.RawAddress, Wire.Raw, read: false);

        await Task.Delay(TimeSpan.FromSeconds(2)); // the stimulus: nobody reads
        client.StartReading();

        await client.ExpectOverAsync();
        Assert.Equal(string.Concat(Enumerable.Range(1, 300_000).Select(n => $"{n}\r\n")), client.Output.Text);
        if (router == RouterKind.Fpty)
            await process.Log.ExpectAsync(StatusThree());
    }

    [GeneratedRegex(@"(exit|status)\D*\b3\b")]
    private static partial Regex StatusThree();
}
