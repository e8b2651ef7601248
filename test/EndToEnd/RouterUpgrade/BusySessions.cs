using System.Globalization;
using Forkpty.EndToEnd.Sessions;

namespace Forkpty.EndToEnd.RouterUpgrade;

public sealed class BusySessions
{
    private const int Upgrades = 10;

    // Counts for ever, a dozen lines each 5 ms, until it is told to end: with a status of its own, which may come in pieces.
    private const string Counter = "stty -echo -onlcr 2>/dev/null; n=0; status=; until { read -t 0.005 piece; whole=$?; status=$status$piece; [ $whole = 0 ]; }; do for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo $((n++)); done; done; echo end $n; exit $status";

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task Twenty_busy_sessions_go_through_ten_upgrades_and_one_that_fails_without_missing_a_byte()
    {
        var setup = new RouterSetup { Wrapper = PrivateTerminals.Wrapper(), Command = $"exec bash -c '{Counter}'" }.With("forkptyrouter-allow-command");
        await using var router = await UpgradableRouter.StartAsync(setup);
        List<SocketClient> plain = [];
        for (int i = 0; i < 14; i++)
            plain.Add(await SocketClient.ConnectAsync(router.Process.Address(i % 2 == 0 ? Wire.Raw : Wire.Uwsgi), i % 2 == 0 ? Wire.Raw : Wire.Uwsgi));
        List<SessionPeer> named = [];
        for (int i = 0; i < 6; i++)
        {
            var open = Request.Open(i < 4 ? $"kept-{i}" : null, command: ["bash", "-c", Counter], onDisconnect: i < 4 ? "keep" : null, terminal: i < 5);
            named.Add(await SessionPeer.OpenAsync(router.Process, open));
        }

        foreach (var client in plain)
            await client.Output.ExpectAsync("\n100\n");
        foreach (var peer in named)
            await peer.Output.ExpectAsync("\n100\n");
        int[] programs = Programs();
        Assert.Equal(20, programs.Length);

        for (int upgrade = 1; upgrade <= Upgrades; upgrade++)
        {
            if (upgrade == 5)
            {
                router.ReplaceByScript("#!/bin/sh\nexit 3\n");
                var refused = await router.UpgradeAsync();
                Assert.Equal(1, refused.Status);
                Assert.Contains("not fit to go on: it ended with exit code 3", refused.Error, StringComparison.Ordinal);
                Assert.Equal(programs, Programs());
            }

            await router.ExpectUpgradeAsync();
            Assert.Equal(programs, Programs());
        }

        for (int i = 0; i < plain.Count; i++)
            await EndAsync(plain[i].Output, () => plain[i].TypeAsync($"{10 + i}\n"));
        for (int i = 0; i < named.Count; i++)
        {
            await EndAsync(named[i].Output, () => named[i].TypeAsync($"{100 + i}\n"));
            var exit = await named[i].ExpectExitAsync();
            Assert.Equal(100 + i, exit.Number("code"));
        }

        for (int i = 0; i < plain.Count; i++)
        {
            await plain[i].ExpectOverAsync();
        }

        await Patience.UntilAsync(() => Enumerable.Range(10, plain.Count).All(code => router.Process.Log.Text.Contains($": ended with exit code {code} ", StringComparison.Ordinal)), "the status of each plain session");

        await Patience.UntilAsync(() => PrivateTerminals.Count(router.Process.ProcessId) == 0 && Programs().Length == 0, "nothing left");

        int[] Programs() => [.. ProcessFacts.Children(router.Process.ProcessId).Where(ProcessFacts.IsAlive).Order()];
    }

    private static async Task EndAsync(Transcript output, Func<Task> type)
    {
        await type();
        await output.ExpectAsync("end ");
        string text = output.Text;
        string[] lines = text[..text.LastIndexOf("end ", StringComparison.Ordinal)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < lines.Length; i++)
            Assert.Equal(i, int.Parse(lines[i], NumberStyles.None, CultureInfo.InvariantCulture));
    }
}
