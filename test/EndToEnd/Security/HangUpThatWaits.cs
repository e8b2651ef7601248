using System.Text.RegularExpressions;
using Forkpty.EndToEnd.Sessions;

namespace Forkpty.EndToEnd;

/// <summary>
/// The kernel closes a terminal only when nobody is in the middle of a read of it any more; a program whose page never comes (userfaultfd here, a dead network file system elsewhere) is for as long as it likes.
/// </summary>
public sealed class HangUpThatWaits
{
    [Fact(Timeout = Patience.Test)]
    public async Task A_terminal_that_cannot_be_closed_holds_up_no_keystroke_no_other_hang_up_and_refuses_an_upgrade()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var other = await SessionPeer.OpenAsync(router, Request.Open("other", shell: "stty -echo; echo go; cat", onDisconnect: "keep"));
        await other.Output.ExpectAsync("go\r\n");
        int[] readers = [await LeaveReaderAsync(router), await LeaveReaderAsync(router), await LeaveReaderAsync(router)];
        int typed = 0;

        await Patience.PromiseAsync(TimeSpan.FromSeconds(1), "an echo", EchoAsync);

        await using var ordinary = await SessionPeer.OpenAsync(router, Request.Open(shell: "echo go; cat", onDisconnect: "hup"));
        await ordinary.Output.ExpectAsync("go\r\n");
        await ordinary.LeaveAsync();
        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(ordinary.Pid), "the end of an ordinary session");

        var upgrade = await Command.RunAsync([Binaries.Fpty, "upgrade", router.UwsgiAddress]);
        Assert.NotEqual(0, upgrade.Status);
        Assert.Contains("terminals hung up, for more than 10 seconds", upgrade.Error, StringComparison.Ordinal);
        await EchoAsync();

        foreach (int reader in readers)
            await Command.SignalAsync(reader, "KILL");
        await Patience.UntilAsync(() => router.Facts().Masters == 1, "the end of the terminals");

        Task<TimeSpan> EchoAsync() => Patience.TimeAsync(async () =>
        {
            string word = $"word-{++typed}";
            await other.TypeAsync($"{word}\r");
            await other.Output.ExpectAsync($"{word}\r\n");
        });
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_terminal_that_cannot_be_closed_holds_up_no_stop()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var other = await SessionPeer.OpenAsync(router, Request.Open("other", shell: "echo go; cat", onDisconnect: "keep"));
        await other.Output.ExpectAsync("go\r\n");
        int reader = await LeaveReaderAsync(router);

        await router.SignalAsync("TERM");

        Assert.Equal("stopping", (await other.ExpectExitAsync()).Text("reason"));
        await Patience.UntilAsync(() => !File.Exists(router.UwsgiAddress) && !ProcessFacts.IsAlive(other.Pid), "the end of the socket, and of the other session");
        await Patience.UntilAsync(() => ProcessFacts.State(router.ProcessId) is 'Z' or 'X', "the router's end"); // the kernel keeps its number for the thread that waits
        await Command.SignalAsync(reader, "KILL");
        Assert.Equal(0, await router.ExpectExitAsync());
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_terminal_that_cannot_be_closed_holds_up_no_start()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        List<int> readers = [];
        using var done = new CancellationTokenSource();
        Task[] starters = [StartAsync(), StartAsync()];
        for (int i = 0; i < 12; i++)
            readers.Add(await LeaveReaderAsync(router));

        await done.CancelAsync();
        await Task.WhenAll(starters);
        foreach (int reader in readers)
            await Command.SignalAsync(reader, "KILL");

        async Task StartAsync()
        {
            while (!done.IsCancellationRequested)
            {
                await using var peer = await SessionPeer.OpenAsync(router, Request.Open(command: ["/bin/true"]));
                Assert.Equal(0, (await peer.ExpectExitAsync()).Number("code"));
            }
        }
    }

    /// <summary>A session whose client leaves while its program is in the middle of a read; its pid.</summary>
    private static async Task<int> LeaveReaderAsync(RouterProcess router)
    {
        await using var peer = await SessionPeer.OpenAsync(router, Request.Open(command: ["/usr/bin/python3", "-c", FaultingReader.Script], onDisconnect: "hup"));
        Assert.SkipWhen((await peer.Output.ExpectAsync(new Regex("none|ready"))).Value == "none", "userfaultfd(2) is not there, or not for this user");
        await peer.TypeAsync("x\r");
        await peer.Output.ExpectAsync("waits\r\n");
        return peer.Pid;
    }
}
