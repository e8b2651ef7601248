using System.Globalization;

namespace Forkpty.EndToEnd.Attach;

/// <summary>A process of the target that traces whatever is born in it, between its birth and its program.</summary>
public sealed class Tracing
{
    // It knows the next number, and tries nothing else: 1 us each time. What it gets hold of it tells of, in one line: capabilities, executable, descriptors.
    private const string Tracer = """
        #define _GNU_SOURCE
        #include <dirent.h>
        #include <errno.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/ptrace.h>
        #include <sys/syscall.h>
        #include <sys/wait.h>
        #include <unistd.h>
        static char line[4096], path[64], target[256];
        static void add(const char *name) { ssize_t n = readlink(name, target, sizeof target - 1); target[n < 0 ? 0 : n] = 0; strcat(strcat(line, target), "|"); }
        static void see(int pid) {
            FILE *status; char text[256]; DIR *fds; struct dirent *each;
            sprintf(path, "/proc/%d/status", pid);
            if ((status = fopen(path, "r"))) { while (fgets(text, sizeof text, status)) if (!strncmp(text, "CapPrm", 6)) strncat(line, text + 8, 16); fclose(status); }
            strcat(line, "|"); sprintf(path, "/proc/%d/exe", pid); add(path);
            sprintf(path, "/proc/%d/fd", pid);
            if ((fds = opendir(path))) { while ((each = readdir(fds))) if (each->d_name[0] != '.') { sprintf(path, "/proc/%d/fd/%s", pid, each->d_name); add(path); } closedir(fds); }
        }
        int main(void) {
            setvbuf(stdout, 0, _IONBF, 0); printf("ready\n");
            for (int next = getpid() + 1;; next++) {
                int seen = 0, file, pidfd;
                while (ptrace(PTRACE_SEIZE, next, 0, 0) < 0) {
                    if (errno != EPERM && seen) goto gone;
                    if (errno != EPERM) continue;
                    if (!seen) seen = 1, pidfd = syscall(SYS_pidfd_open, next, 0);
                    if ((file = syscall(SYS_pidfd_getfd, pidfd, 4, 0)) >= 0) { printf("stolen\n"); close(file); }
                    sprintf(path, "/proc/%d/exe", next); line[0] = 0; add(path); if (strstr(line, "memfd")) printf("seen\n");
                }
                ptrace(PTRACE_INTERRUPT, next, 0, 0);
                if (waitpid(next, 0, __WALL) == next) { strcpy(line, "caught|"); see(next); printf("%s\n", line); ptrace(PTRACE_DETACH, next, 0, 0); }
                while (kill(next, 0) == 0) ;
            gone:;
            }
        }
        """;

    [Theory(Timeout = Patience.HeavyTest)]
    [InlineData(TargetKind.Unshare)]
    [InlineData(TargetKind.Podman)]
    public async Task Who_may_trace_with_a_capability_of_the_hosts_gets_no_other_by_it(TargetKind kind)
    {
        // Podman's has a seccomp filter besides, and no NoNewPrivs: to install it takes CAP_SYS_ADMIN.
        const string Few = "setpriv --bounding-set -all,+sys_ptrace,+sys_chroot,+kill,+setuid,+setgid --inh-caps -all";
        await using var target = await RunningTarget.StartAsync(kind, wrapper: Few, options: "--cap-add SYS_PTRACE");
        var allowed = Capabilities(ProcessFacts.Status(target.ProcessId, "CapBnd"));
        Assert.NotEqual(0UL, allowed & (1 << 19));
        Assert.Equal(0UL, allowed & (1 << 21));

        var caught = await TraceAsync(target, enough: 3);

        var before = caught.Where(line => line[2].Contains("memfd", StringComparison.Ordinal)).ToArray();
        Assert.SkipWhen(before.Length == 0, "the tracer was never quick enough here");
        foreach (var line in before)
        {
            Assert.True((Capabilities(line[1]) & ~allowed) == 0, string.Join('|', line));
            // A pipe, for the helper's report; terminals; and nothing else.
            Assert.All(line[3..].Where(file => file.Length > 0), file => Assert.True(file.StartsWith("/dev/pts/", StringComparison.Ordinal) || file.StartsWith("pipe:", StringComparison.Ordinal), string.Join('|', line)));
        }
    }

    [Theory(Timeout = Patience.HeavyTest)]
    [InlineData(TargetKind.Mapped)]
    [InlineData(TargetKind.Shifted)]
    [InlineData(TargetKind.Unshare)]
    public async Task Nobody_else_sees_or_traces_what_enters(TargetKind kind)
    {
        // The root of a user namespace, with all its capabilities; and one without a namespace and without CAP_SYS_PTRACE.
        await using var target = await RunningTarget.StartAsync(kind, wrapper: kind == TargetKind.Unshare ? "setpriv --bounding-set -sys_ptrace" : "");

        var caught = await TraceAsync(target, enough: 15);

        Assert.DoesNotContain(caught, static line => line[0] is "stolen" or "seen" || line[2].Contains("memfd", StringComparison.Ordinal));
    }

    /// <summary>Attaches again and again, until so many were caught before their program: the lines of the tracer.</summary>
    private static async Task<string[][]> TraceAsync(RunningTarget target, int enough)
    {
        using var directory = new TempDirectory();
        await Command.ShellAsync($"gcc -static -O2 -w -o {directory["tracer"]} -x c {directory.Write("tracer.c", Tracer)} && cp {directory["tracer"]} {target.Root["tmp/tracer"]}");
        await using var tracer = await Attached.StartAsync(target.FullName, ["/tmp/tracer"]);
        await tracer.Output.ExpectAsync("ready");
        for (var i = 0; i < (enough > 3 ? 15 : 40) && Lines().Count(static line => line.Length > 2 && line[2].Contains("memfd", StringComparison.Ordinal)) < enough; i++)
            Assert.Equal(0, (await Attached.RunAsync(target, "true")).Status);
        TestContext.Current.TestOutputHelper?.WriteLine(tracer.Output.Text);
        return Lines();

        string[][] Lines() => [.. tracer.Output.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(static line => line.Split('|'))];
    }

    private static ulong Capabilities(string text) => ulong.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
