using System.Diagnostics;
using System.Security.Cryptography;

namespace Forkpty.EndToEnd.Attach;

/// <summary>What a hostile target can try against whoever enters it.</summary>
public sealed class Attacks
{
    [Fact(Timeout = Patience.HeavyTest)]
    public async Task The_hosts_binary_cannot_be_executed_inside_through_proc_self_exe()
    {
        // The static one would run in a root without libraries: as /proc/self/exe the target has only the helper executed, which does nothing there.
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare);
        await Command.ShellAsync($"ln -s /proc/self/exe {target.Root["bin/victim"]}; printf '#!/proc/self/exe\n' >{target.Root["bin/script"]}; chmod +x {target.Root["bin/script"]}");

        foreach (var victim in (string[])["/bin/victim", "/bin/script"])
        {
            await using var terminal = await Terminal.StartAsync([Binaries.StaticFpty, "attach", $"{target.ProcessId}", "--", victim, "--version"]);
            Assert.Equal(126, await terminal.ExpectExitAsync());
            Assert.Equal("", terminal.Output.Text);
        }
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task What_enters_cannot_be_overwritten_even_by_the_hosts_root()
    {
        // It hangs at a file system of the target, so that there is time to open what it executes: while it runs, and when it has ended.
        Assert.SkipUnless(File.Exists("/dev/fuse"), "this kernel has no FUSE");
        var before = SHA256.HashData(await File.ReadAllBytesAsync(Binaries.Fpty));
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare);
        using var fuse = await HangingFileSystem.MountAsync(target, "/etc");
        await using var terminal = await Attached.StartAsync(target.FullName, ["/bin/true"]);
        var helper = "";
        await Patience.UntilAsync(() => (helper = Children(terminal.ProcessId)).Length > 0 && new FileInfo($"/proc/{helper}/exe").LinkTarget is { } exe && exe.StartsWith("/memfd:", StringComparison.Ordinal), "the helper runs");

        var output = await Command.ShellAsync($$"""
            readlink /proc/{{helper}}/exe; exec 8</proc/{{helper}}/exe
            for how in '>' '>>' '1<>'; do (eval "echo x $how/proc/{{helper}}/exe") 2>/dev/null || echo kept; done
            kill -9 {{helper}}; while grep -q '^State:.[^ZX]' /proc/{{helper}}/status 2>/dev/null; do :; done
            for how in '>' '>>' '1<>'; do (eval "echo x $how/proc/self/fd/8") 2>/dev/null || echo kept; done
            """);

        Assert.StartsWith("/memfd:fpty", output, StringComparison.Ordinal);
        Assert.Equal(6, output.Split("kept").Length - 1);
        Assert.Equal(before, SHA256.HashData(await File.ReadAllBytesAsync(Binaries.Fpty)));
        fuse.Kill();
        await fuse.WaitForExitAsync();

        static string Children(int process)
        {
            var children = File.ReadAllText($"/proc/{process}/task/{process}/children").Trim();
            return children.Contains(' ', StringComparison.Ordinal) ? "" : children;
        }
    }

    [Theory(Timeout = Patience.HeavyTest)]
    [InlineData("umount $R/dev/pts; touch $R/dev/pts/ptmx")]
    [InlineData("umount $R/dev/pts; rmdir $R/dev/pts; ln -s /dev/pts $R/dev/pts")]
    [InlineData("umount $R/dev/pts; rmdir $R/dev/pts; ln -s /proc/1/root/dev/pts $R/dev/pts")]
    [InlineData("umount $R/dev/pts; ln -s /tmp/trap $R/dev/pts/ptmx; echo none > $R/tmp/trap")]
    [InlineData("umount $R/dev/pts; mknod $R/dev/pts/ptmx c 5 2")]
    [InlineData("umount $R/dev/pts; mount -t tmpfs tmpfs $R/dev/pts; mknod $R/dev/pts/ptmx c 1 3")]
    [InlineData("mknod $R/tmp/fake c 1 3; mount --bind $R/tmp/fake $R/dev/pts/ptmx")]
    [InlineData("touch $R/tmp/fake; mount --bind $R/tmp/fake $R/dev/pts/ptmx")]
    [InlineData("umount $R/dev/pts; rmdir $R/dev/pts")]
    public async Task A_false_devpts_is_not_used(string trick)
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare, trick);

        var (status, output) = await Attached.RunAsync(target, "stty size; [ -t 0 ] && echo terminal; exit 7");

        Assert.Equal(7, status);
        Assert.Contains("no devpts of its own that can be trusted", output, StringComparison.Ordinal);
        Assert.EndsWith("33 99\nterminal", output, StringComparison.Ordinal);
    }

    [Theory(Timeout = Patience.HeavyTest)]
    [InlineData("/dev/pts")]
    [InlineData("/etc")]
    [InlineData("/bin/hangs")]
    public async Task A_file_system_that_hangs_costs_ten_seconds_at_most(string place)
    {
        Assert.SkipUnless(File.Exists("/dev/fuse"), "this kernel has no FUSE");
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare);
        using var fuse = await HangingFileSystem.MountAsync(target, place);
        var start = Stopwatch.GetTimestamp();

        var (status, output) = await Attached.ExecuteAsync(target.FullName, [place == "/bin/hangs" ? "/bin/hangs/program" : "/bin/true"], [], TimeSpan.FromSeconds(20));

        Assert.True(Stopwatch.GetElapsedTime(start).TotalSeconds > 5, "it was waited for"); // not longer than 10 s: that is in the sentence
        Assert.Equal(255, status);
        Assert.Contains("did not answer within 10 s", output, StringComparison.Ordinal);
        fuse.Kill();
        await fuse.WaitForExitAsync();
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task No_descriptor_but_the_terminal_gets_in()
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare);

        var (_, output) = await Attached.RunAsync(target, "for f in /proc/$$/fd/*; do readlink $f; done | sort | uniq -c 2>/dev/null || for f in /proc/$$/fd/*; do readlink $f; done");

        Assert.DoesNotContain("socket", output, StringComparison.Ordinal);
        Assert.DoesNotContain("pipe", output, StringComparison.Ordinal);
        Assert.All(output.Split('\n'), line => Assert.EndsWith("/dev/pts/0", line, StringComparison.Ordinal));
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task Before_the_program_runs_nothing_of_the_host_can_be_seen_from_inside()
    {
        // A process of the target that looks at every new one. It may not trace others, as root in a container may not.
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare, wrapper: "setpriv --bounding-set -sys_ptrace");
        await Command.ShellAsync($"mkdir {target.Root["tmp/seen"]}");
        await using var spy = await Attached.StartAsync(
            target.FullName,
            ["/bin/sh", "-c", "cd /tmp/seen; echo ready; while :; do for p in /proc/[0-9]*; do case $p in /proc/1|/proc/$$) ;; *) readlink $p/exe; readlink $p/cwd; for f in $p/fd/*; do readlink $f; done;; esac; done >>log 2>/dev/null; done"]);
        await spy.Output.ExpectAsync("ready");

        for (var i = 0; i < 30; i++)
            Assert.Equal(0, (await Attached.RunAsync(target, "true")).Status);

        var seen = (await File.ReadAllLinesAsync(target.Root["tmp/seen/log"])).Distinct().ToArray();
        Assert.DoesNotContain(seen, line => line.Contains("memfd", StringComparison.Ordinal) || line.Contains("pipe", StringComparison.Ordinal) || line.Contains("socket", StringComparison.Ordinal));
        Assert.All(seen.Where(line => line.Length > 0), line => Assert.True(
            line is "/" or "/bin/busybox" or "/tmp/seen" || line.StartsWith("/dev/pts/", StringComparison.Ordinal) || line.StartsWith("/proc", StringComparison.Ordinal) || line == "/tmp/seen/log", line));
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_working_directory_outside_of_the_root_is_refused()
    {
        var host = $"/tmp/host/{Environment.ProcessId}/cwd";
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare, "mkdir $R/tmp/host; mount --rbind /proc $R/tmp/host");
        for (var number = 0; number < 20; number++)
        {
            var (status, output) = await Attached.RunAsync(target, "pwd", "--cwd", $"/proc/self/fd/{number}");
            Assert.Equal(255, status);
            Assert.Contains("cannot be entered", output, StringComparison.Ordinal);
        }

        Assert.Equal((255, $"fpty: attach {target.FullName}: the directory {host} cannot be entered: it is outside of the root of process {target.ProcessId}"), await Attached.RunAsync(target, "pwd", "--cwd", host));
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task Nothing_can_be_typed_into_the_terminal_of_whoever_attached()
    {
        // A process of the host itself is the target, so that the program may have all privileges.
        using var sleeper = Process.Start("/bin/sleep", "1000")!;
        try
        {
            const string Inject = "import fcntl,termios,os\nfor c in b'echo INJECTED-$((40+2))\\n':\n  try: fcntl.ioctl(0, termios.TIOCSTI, bytes([c]))\n  except OSError: pass";
            using var directory = new TempDirectory();
            var script = directory.Write("inject.py", Inject);
            await using var shell = await Terminal.StartAsync(["/bin/bash", "--norc"]);
            await shell.TypeAsync($"{Binaries.Fpty} attach {sleeper.Id} -- /usr/bin/python3 {script}; echo back-$((1+1))\r");
            await shell.Output.ExpectAsync("back-2");

            await shell.TypeAsync("echo done-$((1+2))\r");

            await shell.Output.ExpectAsync("done-3");
            Assert.DoesNotContain("INJECTED-42", shell.Output.Text, StringComparison.Ordinal);
        }
        finally
        {
            sleeper.Kill();
        }
    }

    [Theory(Timeout = Patience.HeavyTest)]
    [InlineData("mkfifo passwd")]
    [InlineData("mkdir passwd")]
    [InlineData("ln -s /proc/1/root/../../etc/shadow passwd")]
    [InlineData("ln -s passwd passwd")]
    [InlineData("ln -s /dev/pts/ptmx passwd")]
    [InlineData("head -c 20000000 /dev/urandom > passwd")]
    [InlineData("yes 'root:x:0:0:root:/' | head -c 2000000 > passwd")]
    [InlineData("printf 'root:x:0:0::/:\\033]0;title\\007/bin/sh\\n' > passwd")]
    [InlineData("printf 'root:x:4294967295:0::/:/bin/sh\\nroot:x:-1:0::/:/bin/sh\\nroot:x:99999999999999999999:0::/:/bin/sh\\n' > passwd")]
    [InlineData("printf 'root:x:0:0::/proc/self/fd/4:/proc/self/exe\\n' > passwd")]
    public async Task Hostile_accounts_do_no_harm(string trick)
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare);
        await Command.ShellAsync($"cd {target.Root["etc"]} && rm passwd && {trick}");

        var (status, output) = await Attached.RunAsync(target, "echo in; exit 5");

        Assert.Equal(5, status);
        Assert.Equal("in", output);
    }

    [Theory(Timeout = Patience.HeavyTest)]
    [InlineData("LD_PRELOAD=/tmp/evil.so")]
    [InlineData("PATH=/tmp:.:")]
    [InlineData("BASH_ENV=/tmp/evil")]
    public async Task Variables_are_the_programs_and_never_the_helpers(string variable)
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare);

        var (status, output) = await Attached.RunAsync(target, $"[ \"${variable.Split('=')[0]}\" = '{variable.Split('=')[1]}' ] && echo given", "--env", variable);

        Assert.Equal((0, "given"), (status, output));
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_target_that_ends_takes_the_session_with_it()
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare);
        await using var terminal = await Attached.StartAsync(target.FullName, ["/bin/sh", "-c", "echo ready; sleep 500"]);
        await terminal.Output.ExpectAsync("ready");

        await target.EndAsync();

        Assert.Equal(137, await terminal.ExpectExitAsync());
        Assert.Equal(255, (await Attached.RunAsync(target, "true")).Status);
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task Targets_that_end_at_any_moment_leave_no_process_behind()
    {
        for (var round = 0; round < 10; round++)
        {
            await using var target = await RunningTarget.StartAsync(TargetKind.Unshare);
            await using var terminal = await Attached.StartAsync(target.FullName, ["/bin/sh", "-c", "sleep 500"]);
            await Task.Delay(round * 2); // the moments before, while and after it enters

            await target.EndAsync();

            Assert.True(await terminal.ExpectExitAsync() is 137 or 255, terminal.Output.Text);
        }
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task Nothing_of_us_stays_in_a_group_that_is_frozen()
    {
        var mount = (await Command.ShellAsync("findmnt -n -t cgroup2 -o TARGET | head -n 1")).Trim();
        Assert.SkipUnless(mount.Length > 0, "no control groups of version 2 are mounted here");
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare);
        var group = $"{mount}/fpty-frozen-{target.ProcessId}";
        await Command.ShellAsync($"mkdir {group} && echo {target.ProcessId} >{group}/cgroup.procs && echo 1 >{group}/cgroup.freeze");
        try
        {
            await using var terminal = await Attached.StartAsync(target.FullName, ["/bin/sh"]);

            Assert.Equal(255, await terminal.ExpectExitAsync());

            Assert.Contains("is paused, and whatever enters its control group is too", terminal.Output.Text, StringComparison.Ordinal);
            await Patience.UntilAsync(() => File.ReadAllText($"{group}/cgroup.procs") == $"{target.ProcessId}\n", "nobody but the target in its group");
        }
        finally
        {
            await Command.ShellAsync($"echo 0 >{group}/cgroup.freeze; echo {target.ProcessId} >{mount}/cgroup.procs; rmdir {group}");
        }
    }
}
