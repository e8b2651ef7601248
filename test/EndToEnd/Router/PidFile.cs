namespace Forkpty.EndToEnd;

public sealed class PidFile
{
    [Theory(Timeout = Patience.Test)]
    [InlineData(RouterKind.Fpty)]
    [InlineData(RouterKind.Uwsgi)]
    public async Task It_holds_the_routers_process_id(RouterKind router)
    {
        using var directory = new TempDirectory();
        await using var process = await RouterProcess.StartAsync(router, new RouterSetup().With("pidfile", directory["pid"]));

        await ExpectAsync(process, directory["pid"]);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task The_second_one_is_written_without_a_jail_too_and_both_are_gone_at_the_end()
    {
        using var directory = new TempDirectory();
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup().With("pidfile", directory["1"]).With("pidfile2", directory["2"]));

        await ExpectAsync(process, directory["1"]);
        await ExpectAsync(process, directory["2"]);

        await process.SignalAsync("TERM");
        await process.ExpectExitAsync();
        Assert.False(File.Exists(directory["1"]) || File.Exists(directory["2"]));
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData("pidfile", false)]
    [InlineData("pidfile2", false)]
    [InlineData("pidfile", true)]
    [InlineData("pidfile2", true)]
    public async Task One_that_cannot_be_written_is_named(string option, bool inAJail)
    {
        Assert.SkipUnless(!inAJail || Environment.UserName == "root", "a jail needs root");
        using var directory = new TempDirectory();

        var result = await Command.RunAsync([Binaries.Fpty, "--forkpty-router", directory["r"], $"--{option}", directory["missing/pid"], .. inAJail ? (string[])["--unshare=uts"] : []]);

        Assert.NotEqual(0, result.Status);
        Assert.Contains($"--{option} {directory["missing/pid"]}: ", result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(directory["r"]));
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_second_start_in_vain_leaves_those_of_the_router_that_serves(bool inAJail)
    {
        Assert.SkipUnless(!inAJail || Environment.UserName == "root", "a jail needs root");
        using var directory = new TempDirectory();
        var setup = new RouterSetup().With("pidfile", directory["1"]).With("pidfile2", directory["2"]);
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty, inAJail ? setup.With("unshare", "uts") : setup, directory);
        await ExpectAsync(process, directory["2"]);

        await using var second = RouterProcess.Launch(RouterKind.Fpty, inAJail ? setup.With("unshare", "uts") : setup, directory);

        Assert.Equal(1, await second.ExpectExitAsync());
        await second.Log.ExpectAsync("another process listens there");
        await ExpectAsync(process, directory["1"]);
        await ExpectAsync(process, directory["2"]);
    }

    /// <summary>As with uWSGI: a hook of the jail can go by it, and so can who waits for the router's first word.</summary>
    [Fact(Timeout = Patience.Test)]
    public async Task In_a_jail_the_first_one_is_there_before_its_hooks()
    {
        Assert.SkipUnless(Environment.UserName == "root", "a jail needs root");
        using var directory = new TempDirectory();
        var setup = new RouterSetup().With("pidfile", directory["1"]).With("unshare", "uts").With("exec-as-root", $"cp {directory["1"]} {directory["seen"]}");
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty, setup, directory);

        await ExpectAsync(process, directory["seen"]);
    }

    private static async Task ExpectAsync(RouterProcess process, string path)
    {
        await Patience.UntilAsync(() => File.Exists(path) && File.ReadAllText(path).EndsWith('\n'), $"a line in {path}");
        Assert.Equal($"{process.ProcessId}\n", File.ReadAllText(path));
    }
}
