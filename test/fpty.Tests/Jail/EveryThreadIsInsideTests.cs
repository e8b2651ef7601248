using Xunit;

namespace Forkpty.Jail;

/// <summary>The end of the start: whichever namespaces were asked for, no thread of the router is outside and none is root.</summary>
[Collection(JailHostProgram.Collection)]
public sealed class EveryThreadIsInsideTests(JailHostProgram host)
{
    private const string AllOfThem = "uts,ipc,fs,net,pid,user,cgroup";

    [Theory(Timeout = 150_000)]
    [InlineData("uts")]
    [InlineData("uts,ipc,fs,net,cgroup")]
    [InlineData("pid")]
    [InlineData("user")]
    [InlineData("user,pid")]
    [InlineData(AllOfThem)]
    public async Task Every_thread_is_in_the_namespaces_and_root_cannot_come_back(string unshare)
    {
        JailHostProgram.NeedsRoot();
        string id = JailHostProgram.Run("id", "-u", JailHostProgram.UserName).Trim();
        string group = JailHostProgram.Run("id", "-g", JailHostProgram.UserName).Trim();
        using JailRun run = await JailRun.Start(host, [$"--unshare={unshare}", $"--uid={JailHostProgram.UserName}", $"--gid={JailHostProgram.UserName}"]).ReadyAsync();
        int router = run.Router;
        IReadOnlyList<int> threads = ProcFiles.Threads(router);

        Assert.True(threads.Count >= 4);
        string[] wanted = [.. unshare.Split(',').Select(word => word == "fs" ? "mnt" : word)];
        foreach (int thread in threads)
        {
            foreach (string kind in (string[])["uts", "ipc", "mnt", "net", "pid", "user", "cgroup"])
                Assert.Equal(wanted.Contains(kind), ProcFiles.Namespace(router, thread, kind) != ProcFiles.OwnNamespace(kind));
            // Real, effective, saved and file system id alike: with any other there would be a way back.
            Assert.Equal($"{id} {id} {id} {id}", ProcFiles.Status(router, thread, "Uid"));
            Assert.Equal($"{group} {group} {group} {group}", ProcFiles.Status(router, thread, "Gid"));
            Assert.Equal(group, ProcFiles.Status(router, thread, "Groups"));
            foreach (string set in (string[])["CapInh", "CapPrm", "CapEff", "CapAmb"])
                Assert.Equal("0000000000000000", ProcFiles.Status(router, thread, set));
            Assert.Equal("0", ProcFiles.Status(router, thread, "NoNewPrivs"));
            Assert.Equal("0000000000000000", ProcFiles.Status(router, thread, "SigBlk"));
        }
    }

    [Fact(Timeout = 150_000)]
    public async Task The_jail_has_its_own_host_name_and_the_host_keeps_its_own()
    {
        JailHostProgram.NeedsRoot();
        string before = await File.ReadAllTextAsync("/proc/sys/kernel/hostname");
        using JailRun run = await JailRun.Start(host,
            ["--unshare=uts", "--exec-as-root=hostname iaminajail", "--uid=kratos", "--gid=kratos", "--exec-as-user=hostname; whoami"]).ReadyAsync();

        Assert.Equal(["iaminajail", "kratos"], run.Output.Take(2));
        Assert.Equal(before, await File.ReadAllTextAsync("/proc/sys/kernel/hostname"));
        Assert.Equal(run.Pid, run.Router);
    }

    [Fact(Timeout = 150_000)]
    public async Task In_a_pid_namespace_the_router_is_never_process_1()
    {
        JailHostProgram.NeedsRoot();
        using JailRun run = await JailRun.Start(host, ["--unshare=pid,fs", "--exec-as-root=mount -t proc proc /proc", "--uid=kratos"]).ReadyAsync();

        List<int> tree = ProcFiles.Tree(run.Pid);
        Assert.Equal(3, tree.Count);
        Assert.EndsWith(" 1", ProcFiles.Status(tree[1], tree[1], "NSpid"), StringComparison.Ordinal);
        Assert.False(ProcFiles.Status(run.Router, run.Router, "NSpid").EndsWith(" 1", StringComparison.Ordinal));
    }

    [Fact(Timeout = 150_000)]
    public async Task A_mount_of_a_hook_does_not_show_on_the_host()
    {
        JailHostProgram.NeedsRoot();
        using JailRun run = await JailRun.Start(host, ["--unshare=fs", "--exec-as-root=mount -t tmpfs jailtest /mnt"]).ReadyAsync();

        Assert.Contains("jailtest", await File.ReadAllTextAsync($"/proc/{run.Router}/mounts"), StringComparison.Ordinal);
        Assert.DoesNotContain("jailtest", await File.ReadAllTextAsync("/proc/self/mounts"), StringComparison.Ordinal);
    }

    [Fact(Timeout = 150_000)]
    public async Task An_ordinary_user_makes_a_jail_in_which_it_is_root()
    {
        JailHostProgram.NeedsRoot();
        using JailRun run = await JailRun.Start(host, ["--unshare=" + AllOfThem, "--exec-as-root=hostname inside; hostname; id -u"],
            "setpriv", "--reuid", "kratos", "--regid", "kratos", "--clear-groups").ReadyAsync();

        Assert.Equal(["inside", "0"], run.Output.Take(2));
        string id = JailHostProgram.Run("id", "-u", "kratos").Trim();
        Assert.StartsWith(id + " ", ProcFiles.Status(run.Router, run.Router, "Uid"), StringComparison.Ordinal);
    }
}
