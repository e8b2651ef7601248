namespace Forkpty.EndToEnd.Attach;

/// <summary>What the first process was given before its program, and is easily forgotten.</summary>
public sealed class EasilyForgotten
{
    private const string Niceness = "cut -d ' ' -f 19 /proc/self/stat";

    [Theory(Timeout = Patience.HeavyTest)]
    [InlineData(TargetKind.Unshare)]
    [InlineData(TargetKind.Shifted)]
    public async Task The_out_of_memory_score_and_the_umask_are_those_of_the_first_process(TargetKind kind)
    {
        await using var target = await RunningTarget.StartAsync(kind, wrapper: "sh -c 'echo 345 >/proc/self/oom_score_adj; umask 0351; exec \"$@\"' sh");

        Assert.Equal((0, "345\n0351\n-r---w-rw-"), await Attached.RunAsync(target, "cat /proc/self/oom_score_adj; umask; cd /tmp; >made; stat -c %A made"));
    }

    [Theory(Timeout = Patience.HeavyTest)]
    [InlineData(TargetKind.Unshare)]
    [InlineData(TargetKind.Shifted)]
    public async Task The_personality_is_that_of_the_first_process(TargetKind kind)
    {
        await using var target = await RunningTarget.StartAsync(kind, wrapper: "setarch i686 --addr-no-randomize");

        Assert.Equal((0, "i686\n00040008"), await Attached.RunAsync(target, "uname -m; cat /proc/self/personality"));
        Assert.EndsWith("i686", (await Attached.RunAsync(target, "uname -m", "--privileged")).Output, StringComparison.Ordinal);
    }

    [Theory(Timeout = Patience.HeavyTest)]
    [InlineData(TargetKind.Unshare, 7)]
    [InlineData(TargetKind.Shifted, 19)]
    [InlineData(TargetKind.Unshare, -3)]
    public async Task The_niceness_is_that_of_the_first_process(TargetKind kind, int niceness)
    {
        await using var target = await RunningTarget.StartAsync(kind, wrapper: $"nice -n {niceness}");
        var first = (await Command.ShellAsync($"ps -o ni= -p {target.ProcessId}")).Trim();
        Assert.SkipUnless(first == $"{niceness}", "this niceness is not to be had here");

        Assert.Equal((0, first), await Attached.RunAsync(target, Niceness));
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_better_niceness_than_the_callers_is_left_out_where_he_may_not_have_it()
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare);
        await using var terminal = await Terminal.StartAsync(
            ["nice", "-n", "5", "setpriv", "--bounding-set", "-sys_nice", "--inh-caps", "-sys_nice", Binaries.Fpty, "attach", "--privileged", target.FullName, "--", "/bin/sh", "-c", $"echo at $({Niceness})"]);

        Assert.Equal(0, await terminal.ExpectExitAsync());
        Assert.Contains("at 5", terminal.Output.Text, StringComparison.Ordinal);
    }
}
