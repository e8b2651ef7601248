using Xunit;

namespace Forkpty.Jail;

/// <summary>The process in front of the router, where there is one.</summary>
[Collection(JailHostProgram.Collection)]
public sealed class SupervisorTests(JailHostProgram host)
{
    [Theory(Timeout = 150_000)]
    [InlineData("uts", "TERM", 0)]
    [InlineData("pid", "TERM", 0)]
    [InlineData("pid", "USR1", 7)]
    [InlineData("user", "USR1", 7)]
    [InlineData("user,pid", "USR1", 7)]
    public async Task A_signal_reaches_the_router_and_its_status_comes_back(string unshare, string signal, int status)
    {
        JailHostProgram.NeedsRoot();
        using JailRun run = await JailRun.Start(host, ["--unshare=" + unshare, "--uid=kratos"]).ReadyAsync();
        List<int> tree = ProcFiles.Tree(run.Pid);

        run.Signal(signal);

        Assert.Equal(status, await run.ExitAsync());
        Assert.DoesNotContain(tree, ProcFiles.Runs);
    }

    [Fact(Timeout = 150_000)]
    public async Task The_death_of_the_router_is_told_as_a_shell_tells_it()
    {
        JailHostProgram.NeedsRoot();
        using JailRun run = await JailRun.Start(host, ["--unshare=user,pid"]).ReadyAsync();

        JailHostProgram.Run("kill", "-KILL", $"{run.Router}");

        Assert.Equal(128 + 9, await run.ExitAsync());
        Assert.Contains("fpty: the router was ended by signal 9\n", await run.Errors, StringComparison.Ordinal);
    }

    [Theory(Timeout = 150_000)]
    [InlineData("user")]
    [InlineData("pid")]
    [InlineData("user,pid")]
    public async Task Nothing_outlives_a_supervisor_that_was_killed(string unshare)
    {
        JailHostProgram.NeedsRoot();
        using JailRun run = await JailRun.Start(host, ["--unshare=" + unshare, "--uid=kratos"]).ReadyAsync();
        List<int> tree = ProcFiles.Tree(run.Pid);

        run.Signal("KILL");

        await JailRun.UntilAsync(() => !tree.Exists(ProcFiles.Runs), "everything below it has ended");
    }

    [Fact(Timeout = 150_000)]
    public async Task The_supervisor_holds_none_of_the_routers_descriptors()
    {
        JailHostProgram.NeedsRoot();
        using JailRun run = await JailRun.Start(host, ["--unshare=user,pid", "--keep=/etc/passwd"]).ReadyAsync();

        List<int> tree = ProcFiles.Tree(run.Pid);
        foreach (int supervisor in tree[..^1])
        {
            Assert.Equal(2, ProcFiles.Threads(supervisor).Count);

            // It closes them beside the start of the router.
            await JailRun.UntilAsync(() => Descriptors(supervisor).SequenceEqual(["0", "1", "2"]), $"0, 1 and 2 are all that {supervisor} holds");
        }
    }

    private static IEnumerable<string> Descriptors(int pid) => Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd").Select(path => Path.GetFileName(path)!).Order();

    [Fact(Timeout = 150_000)]
    public async Task As_the_first_process_of_a_container_it_reaps_orphans_and_passes_signals_on()
    {
        JailHostProgram.NeedsRoot();
        const string Orphans = "--exec-as-user=for i in 1 2 3 4 5 6 7 8 9 10; do (sleep 0.2; exit $i) & done";
        using JailRun run = await JailRun.Start(host, [Orphans], "unshare", "--pid", "--fork", "--kill-child", "--mount-proc").ReadyAsync();
        List<int> tree = ProcFiles.Tree(run.Pid);
        int first = tree[1];
        int router = tree.Single(pid => ProcFiles.Status(pid, pid, "Name") == "fpty" && pid != first);

        Assert.EndsWith(" 1", ProcFiles.Status(first, first, "NSpid"), StringComparison.Ordinal);
        Assert.Equal($"{first}", ProcFiles.Status(router, router, "PPid"));
        await JailRun.UntilAsync(() => ProcFiles.Tree(first).Count == 2 && ProcFiles.Zombies(first) == 0, "the orphans are reaped");

        JailHostProgram.Run("kill", "-USR1", $"{first}");
        Assert.Equal(7, await run.ExitAsync());
    }

    [Fact(Timeout = 150_000)]
    public async Task In_the_background_the_status_tells_whether_it_serves()
    {
        JailHostProgram.NeedsRoot();
        string directory = Directory.CreateTempSubdirectory("jaildaemon").FullName;
        // The pid namespace around it ends the background process with the test.
        string[] script = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c",
            "\"$@\"; echo status $?; pid=$(cat " + directory + "/pid); ps -o sid=,tty=,args= -p $pid; kill $pid; echo killed $?", "sh"];
        using (JailRun run = JailRun.Start(host, [$"--daemonize={directory}/log", $"--pidfile={directory}/pid", "--unshare=pid,user", "--uid=kratos"], script))
        {
            Assert.Equal(0, await run.ExitAsync());
            string log = await File.ReadAllTextAsync(directory + "/log");
            Assert.Equal("status 0", run.Output[0]);
            Assert.Contains(" ? ", run.Output[1], StringComparison.Ordinal);
            Assert.Equal("killed 0", run.Output[2]);
            Assert.Contains("ready ", log, StringComparison.Ordinal);
            Assert.Equal((UnixFileMode)0b110_100_000, File.GetUnixFileMode(directory + "/log"));
        }
        using (JailRun run = JailRun.Start(host, [$"--daemonize={directory}/log", "--exec-as-root=exit 3"]))
        {
            Assert.Equal(1, await run.ExitAsync());
            Assert.Equal("fpty: exec-as-root = exit 3: the command ended with status 3, so fpty does not start\n", await run.Errors);
        }
        Directory.Delete(directory, recursive: true);
    }
}
