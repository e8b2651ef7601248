using Forkpty.EndToEnd.Sessions;

namespace Forkpty.EndToEnd;

/// <summary>The limit of processes counts threads (RLIMIT_NPROC, pids.max): from some moment on a router of an ordinary user gets no more of them.</summary>
public sealed class ThreadLimit
{
    private static readonly string[] AsSomebody = ["/usr/bin/setpriv", "--reuid=64123", "--regid=64123", "--clear-groups", "--"];

    [Fact(Timeout = Patience.Test)]
    public async Task With_no_thread_left_KILL_ends_one_session_and_the_others_go_on()
    {
        using var directory = OfEverybody();
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup { Wrapper = AsSomebody }, directory);
        await using var killed = await SessionPeer.OpenAsync(router, Request.Open("killed", shell: "trap '' HUP; echo go; while :; do read x || sleep 1; done", onDisconnect: "keep"));
        await killed.Output.ExpectAsync("go\r\n");
        await using var other = await SessionPeer.OpenAsync(router, Request.Open("other", shell: "cat", onDisconnect: "keep"));
        await LimitAsync(router);

        await other.SendAsync(PacketType.Kill, Request.Of("killed"));

        await other.ExpectAsync(PacketType.Done);
        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(killed.Pid), "the end of the program");
        await other.TypeAsync("still here\r");
        await other.Output.ExpectAsync("still here\r\nstill here\r\n");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task With_no_thread_left_somebody_who_asks_for_a_target_is_answered_and_the_others_go_on()
    {
        using var directory = OfEverybody();
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup { Wrapper = AsSomebody }.With("attach-targets", "pid:*"), directory);
        await using var other = await SessionPeer.OpenAsync(router, Request.Open("other", shell: "cat", onDisconnect: "keep"));
        await using var asker = await SessionPeer.ConnectAsync(router);
        await LimitAsync(router);

        await asker.SendAsync(PacketType.Open, new System.Text.Json.Nodes.JsonObject { ["target"] = $"pid:{Environment.ProcessId}" });

        await asker.ExpectAsync(PacketType.Error);
        await other.TypeAsync("still here\r");
        await other.Output.ExpectAsync("still here\r\nstill here\r\n");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task With_no_thread_left_a_flood_goes_on_where_it_is_and_asks_for_one_once_a_second()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/strace"), "strace is not installed");
        using var directory = OfEverybody();
        string trace = directory["trace"];
        await using var router = await RouterProcess.StartAsync(
            RouterKind.Fpty, new RouterSetup { Wrapper = ["/usr/bin/strace", "-D", "-f", "-qq", "-o", trace, "-e", "trace=epoll_create1", .. AsSomebody] }, directory);
        await using var flood = await SessionPeer.OpenAsync(router, Request.Open("flood", shell: "stty raw -echo; echo go; read x; seq 1 100000; echo over; cat", onDisconnect: "keep"), keepsOutput: false);
        await LimitAsync(router);
        int loops = Loops();
        int descriptors = router.Facts().Descriptors;

        var took = await Patience.TimeAsync(async () =>
        {
            await flood.TypeAsync("\n");
            await flood.ExpectOutputLengthAsync(588_895 + 7);
        });

        Assert.InRange(Loops() - loops, 1, (int)took.TotalSeconds + 1);
        Assert.InRange(router.Facts().Descriptors, 0, descriptors);

        int Loops() => File.ReadLines(trace).Count(line => line.Contains("epoll_create1(", StringComparison.Ordinal));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task With_no_thread_left_a_router_ends_as_ever()
    {
        using var directory = OfEverybody();
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup { Wrapper = AsSomebody }, directory);
        await using var session = await SessionPeer.OpenAsync(router, Request.Open("one", shell: "echo go; cat"));
        await session.Output.ExpectAsync("go\r\n");
        await LimitAsync(router);

        await router.SignalAsync("TERM");

        Assert.Equal(0, await router.ExpectExitAsync());
        Assert.False(File.Exists(router.UwsgiAddress));
        Assert.False(ProcessFacts.IsAlive(session.Pid));
    }

    /// <remarks>Some threads are there: the runtime needs two, and the router is refused its first, its second, and one of the last.</remarks>
    [Theory(Timeout = Patience.Test)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(7)]
    public async Task Without_threads_to_begin_with_it_says_so_and_leaves_no_socket(int threads)
    {
        using var directory = OfEverybody();
        string[] another = ["/usr/bin/setpriv", "--reuid=64124", "--regid=64124", "--clear-groups", "--", "/usr/bin/prlimit", $"--nproc={threads}"];

        var result = await Command.RunAsync([.. another, Binaries.Fpty, "serve", "--forkpty-urouter", directory["socket"]]);

        Assert.Equal((1, ""), (result.Status, result.Output));
        Assert.EndsWith(
            "fpty: cannot serve: no thread can be started, for this user has as many processes and threads as he may; raise the limit (ulimit -u, pids.max) or end some\n",
            result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(directory["socket"]));
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData("--nproc=2", "cannot watch for signals, which takes two descriptors and a thread")]
    [InlineData("--nofile=3", "socket on ")]
    public async Task A_client_that_lacks_one_of_its_own_says_so_and_that_is_no_status_of_a_program(string limit, string sentence)
    {
        using var directory = OfEverybody();
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup().With("chmod-socket", "666"), directory);
        string[] limited = ["/usr/bin/setpriv", "--reuid=64125", "--regid=64125", "--clear-groups", "--", "/usr/bin/prlimit", limit];

        var result = await Command.RunAsync([.. limited, Binaries.Fpty, "connect", router.UwsgiAddress, "--", "true"]);

        Assert.Equal((255, ""), (result.Status, result.Output));
        Assert.StartsWith($"fpty: {sentence}", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
    }

    /// <summary>The sockets' directory is the router's.</summary>
    private static TempDirectory OfEverybody()
    {
        Assert.SkipUnless(Environment.UserName == "root", "becoming somebody else needs root");
        var directory = new TempDirectory();
        File.SetUnixFileMode(directory.Root, UnixFileMode.StickyBit | (UnixFileMode)0b111_111_111);
        return directory;
    }

    /// <summary>It keeps the threads that it has.</summary>
    private static async Task LimitAsync(RouterProcess router) =>
        Assert.Equal(0, (await Command.RunAsync([.. AsSomebody, "/usr/bin/prlimit", $"--pid={router.ProcessId}", "--nproc=1:1"])).Status);
}
