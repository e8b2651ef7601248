namespace Forkpty.EndToEnd.Sessions;

public sealed class Stopping
{
    [Theory(Timeout = Patience.Test)]
    [InlineData("hup")]
    [InlineData("keep")]
    [InlineData("kill")]
    public async Task Every_client_is_told_and_nothing_is_left(string onDisconnect)
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var driver = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "cat", onDisconnect: onDisconnect));
        await using var unseen = await SessionPeer.OpenAsync(router, Request.Open("unseen", shell: "cat", onDisconnect: "keep"));
        await using var viewer = await SessionPeer.OpenAsync(router, Request.Attach("unseen", "viewer"));
        await using var piped = await SessionPeer.OpenAsync(router, Request.Open("piped", shell: "cat", onDisconnect: "hup", terminal: false));
        await unseen.LeaveAsync();

        await router.SignalAsync("TERM");

        foreach (var peer in new[] { driver, viewer, piped })
            Assert.Equal("stopping", (await peer.ExpectExitAsync()).Text("reason"));
        Assert.Equal(0, await router.ExpectExitAsync());
        int[] programs = [driver.Pid, unseen.Pid, piped.Pid];
        await Patience.UntilAsync(() => !programs.Any(ProcessFacts.IsAlive), "the end of the programs");
    }
}
