using System.Diagnostics;

namespace Forkpty.EndToEnd.Attach;

/// <summary>What an attach does to the first process of a target, and in which states of it there is no way in.</summary>
public sealed class FirstProcess
{
    private const int Signals = 500_000;

    // A filter that allows everything, and a handler that counts: a signal that comes while somebody traces is one that stops the process.
    private const string Counter = """
        #include <linux/filter.h>
        #include <linux/seccomp.h>
        #include <signal.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <sys/prctl.h>
        #include <unistd.h>
        static volatile sig_atomic_t count;
        static void on_signal(int number) { (void)number; count++; }
        int main(int argc, char **argv) {
            struct sock_filter code[] = { BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
            struct sock_fprog program = { 1, code };
            struct sigaction action = { .sa_handler = on_signal };
            sigset_t all, none;
            sigemptyset(&none); sigfillset(&all); sigprocmask(SIG_BLOCK, &all, 0);
            sigaction(SIGRTMIN, &action, 0);
            if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) return 1;
            printf("ready\n"); fflush(stdout);
            while (count < atoi(argv[argc - 1])) sigsuspend(&none);
            printf("all\n"); fflush(stdout);
            pause();
        }
        """;

    private const string Sender = """
        #include <signal.h>
        #include <stdlib.h>
        #include <unistd.h>
        int main(int argc, char **argv) {
            int pid = atoi(argv[1]), count = atoi(argv[2]);
            while (count > 0)
                if (sigqueue(pid, SIGRTMIN, (union sigval){ 0 }) == 0) count--;
                else if (kill(pid, 0) < 0) return argc;
                else usleep(1000); /* as many wait as may */
        }
        """;

    // As other attaches do, but half of the time.
    private const string Tracer = """
        #include <stdlib.h>
        #include <sys/ptrace.h>
        #include <sys/wait.h>
        #include <unistd.h>
        int main(int argc, char **argv) {
            int pid = atoi(argv[argc - 1]);
            for (;; usleep(2000))
                if (ptrace(PTRACE_SEIZE, pid, 0, 0) == 0 && usleep(2000) == 0 && ptrace(PTRACE_INTERRUPT, pid, 0, 0) == 0 && waitpid(pid, 0, __WALL) == pid)
                    ptrace(PTRACE_DETACH, pid, 0, 0);
        }
        """;

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task No_signal_to_it_is_lost()
    {
        Assert.SkipUnless(Environment.UserName == "root", "a filter is copied by root only");
        using var directory = new TempDirectory();
        // They count as root's: where as many wait as root may have, no other process of root has a timer.
        string[] command = ["--sigpending=2000", await CompileAsync(directory, "counter", Counter), $"{Signals}"];
        using var counter = Process.Start(new ProcessStartInfo("prlimit", command) { RedirectStandardOutput = true })!;
        using var ending = new Ending(counter);
        Assert.Equal("ready", await counter.StandardOutput.ReadLineAsync());

        var sending = Command.RunAsync([await CompileAsync(directory, "sender", Sender), $"{counter.Id}", $"{Signals}"], within: TimeSpan.FromSeconds(60));
        var attaches = 0;
        for (; !sending.IsCompleted; attaches++)
            Assert.Equal((0, "in"), await Attached.ExecuteAsync($"{counter.Id}", ["/bin/echo", "in"], []));

        Assert.Equal(0, (await sending).Status);
        Assert.Equal("all", await counter.StandardOutput.ReadLineAsync().WaitAsync(Patience.Expectation));
        Assert.True(attaches > 1, $"{attaches} attaches");
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task Another_attach_that_copies_its_filter_is_waited_for()
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Runc);
        using var directory = new TempDirectory();
        using var tracer = Process.Start(await CompileAsync(directory, "tracer", Tracer), $"{target.ProcessId}");
        using var ending = new Ending(tracer);

        for (var i = 0; i < 12; i++)
            Assert.Equal((0, "in"), await Attached.ExecuteAsync(target.FullName, ["/bin/echo", "in"], []));
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task Its_user_has_its_ambient_capabilities_and_another_has_none()
    {
        const string Some = "net_raw,+sys_chroot";
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare, wrapper: $"setpriv --reuid 1000 --regid 1000 --clear-groups --inh-caps +{Some} --ambient-caps +{Some}");
        const string Show = "grep -E 'CapEff|CapAmb|CapPrm' /proc/self/status | cut -f2 | uniq";

        Assert.Equal((0, "0000000000042000"), await Attached.RunAsync(target, Show));
        Assert.Equal((0, "0000000000000000"), await Attached.RunAsync(target, Show, "--user", "1001"));
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_container_that_is_made_but_not_started_is_not_entered()
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Runc, starts: false);

        var (status, output) = await Attached.ExecuteAsync(target.FullName, ["/bin/echo", "in"], []);

        Assert.Equal(255, status);
        Assert.Contains("made but not started", output, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_paused_container_is_told_from_one_that_hangs()
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Podman);
        var freezer = await Command.ShellAsync($"awk -F: '$2 == \"freezer\" {{ print \"/sys/fs/cgroup/freezer\" $3 \"/freezer.state FROZEN THAWED\" }} $1 == 0 {{ print \"/sys/fs/cgroup\" $3 \"/cgroup.freeze 1 0\" }}' /proc/{target.ProcessId}/cgroup");
        var file = freezer.Split('\n').Select(line => line.Split(' ')).FirstOrDefault(words => File.Exists(words[0]));
        Assert.SkipWhen(file is null, "no control group of the container can be frozen here");
        await File.WriteAllTextAsync(file[0], file[1]);
        try
        {
            var (status, output) = await Attached.ExecuteAsync(target.FullName, ["/bin/echo", "in"], [], within: TimeSpan.FromSeconds(5));

            Assert.Equal(255, status);
            Assert.Contains($"process {target.ProcessId} is paused", output, StringComparison.Ordinal);
        }
        finally
        {
            await File.WriteAllTextAsync(file[0], file[2]);
        }
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_thread_of_the_kernel_is_nowhere_to_be_entered()
    {
        const int First = 2;
        Assert.SkipUnless(File.Exists($"/proc/{First}/comm") && File.ReadAllText($"/proc/{First}/comm") == "kthreadd\n", "no thread of the kernel is seen here");

        var (status, output) = await Attached.ExecuteAsync($"{First}", ["/bin/echo", "in"], []);

        Assert.Equal(255, status);
        Assert.Contains("is a thread of the kernel", output, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task Its_limit_of_descriptors_may_be_as_low_as_can_be()
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare, wrapper: "prlimit --nofile=4:4");

        Assert.Equal((0, "in"), await Attached.ExecuteAsync(target.FullName, ["/bin/echo", "in"], []));
    }

    private sealed class Ending(Process process) : IDisposable
    {
        public void Dispose() => process.Kill();
    }

    private static async Task<string> CompileAsync(TempDirectory directory, string name, string source)
    {
        var program = directory[name];
        await Command.ShellAsync($"gcc -O2 -o {program} {directory.Write($"{name}.c", source)}");
        return program;
    }
}
