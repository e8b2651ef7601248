namespace Forkpty.EndToEnd.Attach;

/// <summary><c>fpty attach --namespaces LIST</c>.</summary>
public sealed class SomeNamespaces
{
    private static readonly string[] All = ["user", "mnt", "pid", "uts", "ipc", "net", "cgroup", "time"];

    [Theory(Timeout = Patience.HeavyTest)]
    [InlineData(TargetKind.Unshare, "uts,net")]
    [InlineData(TargetKind.Unshare, "mnt,pid")]
    [InlineData(TargetKind.Unshare, "ipc,cgroup,time")]
    [InlineData(TargetKind.Mapped, "user,mnt")]
    [InlineData(TargetKind.Mapped, "user,uts,time")]
    [InlineData(TargetKind.Runc, "net")]
    [InlineData(TargetKind.Podman, "mnt,ipc")]
    public async Task Those_that_are_named_are_entered_and_no_other(TargetKind kind, string list)
    {
        await using var target = await RunningTarget.StartAsync(kind);
        await using var terminal = await Attached.StartAsync(target.FullName, ["/bin/sh", "-c", "echo ready; read x; exit 7"], ["--namespaces", list]);
        await terminal.Output.ExpectAsync("ready");
        var program = ProcessFacts.Children(terminal.ProcessId).Single();

        foreach (var each in All)
            Assert.Equal((each, Inode(list.Split(',').Contains(each) ? target.ProcessId : Environment.ProcessId, each)), (each, Inode(program, each)));
        Assert.NotEqual(Inode(target.ProcessId, list.Split(',')[^1]), Inode(Environment.ProcessId, list.Split(',')[^1]));
        foreach (var field in new[] { "CapBnd", "NoNewPrivs", "Seccomp" })
            Assert.Equal(ProcessFacts.Status(target.ProcessId, field), ProcessFacts.Status(program, field));
        await terminal.TypeAsync("\r");
        Assert.Equal(7, await terminal.ExpectExitAsync());
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task Without_the_targets_user_namespace_nobody_becomes_root_of_this_machine_unawares()
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Shifted);
        const string Probe = "cat /proc/self/uid_map; echo ran";

        var (status, output) = await Attached.RunAsync(target, Probe, "--namespaces", "mnt,pid");

        Assert.Equal(255, status);
        Assert.Contains($"process {target.ProcessId} is in a user namespace of its own", output, StringComparison.Ordinal);
        Assert.DoesNotContain("ran", output, StringComparison.Ordinal);
        (status, output) = await Attached.RunAsync(target, Probe, "--namespaces", "mnt,pid", "--privileged");
        Assert.Equal(0, status);
        Assert.EndsWith("0          0 4294967295\nran", output, StringComparison.Ordinal);
        (status, output) = await Attached.RunAsync(target, Probe, "--namespaces", "user,mnt,pid");
        Assert.Equal(0, status);
        Assert.EndsWith("0     100000      65536\nran", output, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_word_that_is_none_is_refused_with_those_that_are()
    {
        var result = await Command.RunAsync([Binaries.Fpty, "attach", $"pid:{Environment.ProcessId}", "--namespaces", "uts,fs", "--", "/bin/echo", "entered"]);

        Assert.NotEqual(0, result.Status);
        Assert.DoesNotContain("entered", result.Output, StringComparison.Ordinal);
        Assert.Contains("fs", result.Error, StringComparison.Ordinal);
        Assert.All(All, each => Assert.Contains(each, result.Error, StringComparison.Ordinal));
    }

    private static string Inode(int pid, string kind) => new FileInfo($"/proc/{pid}/ns/{kind}").LinkTarget!;
}
