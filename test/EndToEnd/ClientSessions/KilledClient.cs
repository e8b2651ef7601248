using System.Text.RegularExpressions;

namespace Forkpty.EndToEnd.ClientSessions;

/// <summary>A client that is killed while its terminal is raw can give nothing back; the session is what was told at its begin.</summary>
public sealed class KilledClient
{
    private static readonly string[] Program = ["--", "sh", "-c", "stty -echo; echo pid-$$-; exec cat"];

    [Fact(Timeout = Patience.Test)]
    public async Task A_kept_session_goes_on_and_can_be_come_back_to()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        int pid;
        await using (var killed = await Terminal.StartAsync([Binaries.Fpty, "connect", router.UwsgiAddress, "--name", "work", "--keep", .. Program]))
        {
            pid = await RunningAsync(killed);
            await killed.SignalAsync(9);
            Assert.Equal(137, await killed.ExpectExitAsync());
        }

        await using var back = await Terminal.StartAsync([Binaries.Fpty, "attach", "work", router.UwsgiAddress]);
        Assert.Equal(pid, await RunningAsync(back)); // it is on the screen that was painted
        await back.TypeAsync("still here\r");
        await back.Output.ExpectAsync("still here\r\n");
        await back.TypeAsync("\u0004");
        Assert.Equal(0, await back.ExpectExitAsync());
        Assert.Equal(back.FirstSettings, await back.SettingsAsync());
    }

    [Fact(Timeout = Patience.Test)]
    public async Task One_that_is_not_kept_is_hung_up()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var killed = await Terminal.StartAsync([Binaries.Fpty, "connect", router.UwsgiAddress, .. Program]);
        int pid = await RunningAsync(killed);

        await killed.SignalAsync(9);

        Assert.Equal(137, await killed.ExpectExitAsync());
        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(pid), "the end of the program");
        await Patience.UntilAsync(() => router.Facts() is { Masters: 0, Zombies: 0 }, "the end of the session");
    }

    private static async Task<int> RunningAsync(Terminal terminal)
    {
        var pid = int.Parse((await terminal.Output.ExpectAsync(new Regex(@"pid-(\d+)-"))).Groups[1].Value, null);
        await terminal.ExpectRawAsync();
        return pid;
    }
}
