namespace Forkpty.EndToEnd.Sessions;

public sealed class NotKept
{
    private const int Sessions = 200;

    // 2,000 lines of 80 characters: a screen and a history would hold them.
    private const string Shell = "stty -echo; yes 0123456789012345678901234567890123456789012345678901234567890123456789 | head -n 2000; echo over-$((1+1)); exec cat";

    /// <summary>A screen with its history takes some 50 KiB and more, the last output 2 MiB.</summary>
    private const int Most = 16;

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_session_that_is_not_kept_has_no_screen_and_no_history()
    {
        int plain = await CostAsync(router => OpenPlainAsync(router));
        int session = await CostAsync(async router =>
        {
            var peer = await SessionPeer.OpenAsync(router, Request.Open(shell: Shell), keepsOutput: false);
            await peer.ExpectOutputLengthAsync(2_000 * 72 + "over-2\r\n".Length);
            return peer;
        });

        Assert.InRange(session - plain, int.MinValue, Sessions * Most);
    }

    private static async Task<IAsyncDisposable> OpenPlainAsync(RouterProcess router)
    {
        var client = await SocketClient.ConnectAsync(router.UwsgiAddress, Wire.Uwsgi);
        await client.Output.ExpectAsync("over-2\r\n");
        return client;
    }

    /// <summary>What the router takes for so many idle sessions which have put something out, in KiB.</summary>
    private static async Task<int> CostAsync(Func<RouterProcess, Task<IAsyncDisposable>> openAsync)
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup().With("forkptyrouter-command", Shell).With("forkptyrouter-allow-command"));
        await using (await openAsync(router))
        {
        }

        int before = ProcessFacts.ResidentKiB(router.ProcessId);
        List<IAsyncDisposable> sessions = [];
        for (int i = 0; i < Sessions; i++)
            sessions.Add(await openAsync(router));
        int after = ProcessFacts.ResidentKiB(router.ProcessId);
        foreach (IAsyncDisposable session in sessions)
            await session.DisposeAsync();
        return after - before;
    }
}
