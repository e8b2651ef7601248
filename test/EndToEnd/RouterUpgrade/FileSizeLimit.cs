using Forkpty.EndToEnd.Sessions;

namespace Forkpty.EndToEnd.RouterUpgrade;

public sealed class FileSizeLimit
{
    [Fact(Timeout = Patience.Test)]
    public async Task A_state_that_is_larger_than_a_file_may_be_is_refused_and_nothing_has_happened()
    {
        var setup = new RouterSetup { Wrapper = ["/bin/sh", "-c", "ulimit -S -f 64; exec \"$0\" \"$@\""] };
        await using var router = await UpgradableRouter.StartAsync(setup);
        await using var kept = await SessionPeer.OpenAsync(
            router.Process, Request.Open("kept", shell: "stty -echo; seq 1 20000; grep SigIgn /proc/self/status; while read x; do echo \"<$x>\"; done", onDisconnect: "keep"));
        await kept.Output.ExpectAsync("SigIgn:\t0000000000000000\r\n");

        var result = await router.UpgradeAsync();

        Assert.Equal(1, result.Status);
        Assert.Contains("write on memfd:fpty-state: EFBIG", result.Error, StringComparison.Ordinal);
        await kept.TypeAsync("still here\n");
        await kept.Output.ExpectAsync("<still here>\r\n");
        Assert.Contains("prlimit --fsize", result.Error, StringComparison.Ordinal);
        await Command.ShellAsync($"prlimit --pid {router.Process.ProcessId} --fsize=unlimited");
        await router.ExpectUpgradeAsync();
        await kept.TypeAsync("here too\n");
        await kept.Output.ExpectAsync("<here too>\r\n");
    }
}
