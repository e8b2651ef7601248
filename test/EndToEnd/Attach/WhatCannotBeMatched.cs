using System.Diagnostics;

namespace Forkpty.EndToEnd.Attach;

/// <summary>What of a target's confinement the program cannot have is named, and nothing is started.</summary>
public sealed class WhatCannotBeMatched
{
    private const string Without = "; --privileged goes in without";

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_filter_that_a_supervisor_answers()
    {
        using var directory = new TempDirectory();
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare, wrapper: SeccompFilters.Wrapper(directory, "seccomp rmdir=EPERM", "listen mkdir=NOTIFY"));

        await Refusal.ExpectAsync(target, $"process {target.ProcessId} has a seccomp filter whose system calls another process answers, and a copy of it would have none to answer{Without}");
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task Strict_seccomp()
    {
        using var directory = new TempDirectory();
        const string Strict = "#include <sys/prctl.h>\n#include <unistd.h>\nint main(void) { prctl(PR_SET_SECCOMP, 1); write(1, \"ready\\n\", 6); read(0, &(char){ 0 }, 1); }";
        await Command.ShellAsync($"gcc -w -o {directory["strict"]} {directory.Write("strict.c", Strict)}");
        using var process = Process.Start(new ProcessStartInfo(directory["strict"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        Assert.Equal("ready", await process.StandardOutput.ReadLineAsync());

        await Refusal.ExpectAsync(process.Id, directory["ran"], directory["ran"], $"process {process.Id} has what cannot be matched: strict seccomp, in which no program can be started{Without}");

        process.StandardInput.Close();
        await process.WaitForExitAsync();
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_hard_limit_above_the_callers_who_may_not_raise_it()
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare, wrapper: "prlimit --nofile=900:900");

        await Refusal.ExpectAsync(
            target,
            $"the limit nofile of process {target.ProcessId} cannot be taken over: setrlimit: EPERM",
            "prlimit", "--nofile=800:800", "setpriv", "--bounding-set", "-sys_resource", "--inh-caps", "-sys_resource");
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_control_group_of_a_hierarchy_that_is_not_mounted_here()
    {
        var mount = (await Command.ShellAsync("findmnt -n -t cgroup2,cgroup -o TARGET | head -n 1")).Trim();
        Assert.SkipUnless(mount.Length > 0, "no control groups are mounted here");
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare);
        var name = $"fpty-unmounted-{target.ProcessId}";
        await Command.ShellAsync($"mkdir {mount}/{name} && echo {target.ProcessId} >{mount}/{name}/cgroup.procs");
        try
        {
            await Refusal.ExpectAsync(
                target, $":/{name}, which is below no mount here{Without}", "unshare", "--mount", "sh", "-c", "umount -a -t cgroup,cgroup2 && exec \"$@\"", "sh");
        }
        finally
        {
            await Command.ShellAsync($"echo {target.ProcessId} >{mount}/cgroup.procs; rmdir {mount}/{name}");
        }
    }
}
