namespace Forkpty.EndToEnd.Attach;

/// <summary>What the first process was given before its program, and is easily forgotten.</summary>
public sealed class ScoreAndUmask
{
    [Theory(Timeout = Patience.HeavyTest)]
    [InlineData(TargetKind.Unshare)]
    [InlineData(TargetKind.Shifted)]
    public async Task The_out_of_memory_score_and_the_umask_are_those_of_the_first_process(TargetKind kind)
    {
        await using var target = await RunningTarget.StartAsync(kind, wrapper: "sh -c 'echo 345 >/proc/self/oom_score_adj; umask 0351; exec \"$@\"' sh");

        Assert.Equal((0, "345\n0351\n-r---w-rw-"), await Attached.RunAsync(target, "cat /proc/self/oom_score_adj; umask; cd /tmp; >made; stat -c %A made"));
    }
}
