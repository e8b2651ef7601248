namespace Forkpty.EndToEnd.Attach;

/// <summary>The filters of a target's first process are the program's: all of them, in their order.</summary>
public sealed class SeccompOfTheTarget
{
    // Of two filters that forbid a call with an error, the newer one's is given: in another order these would be others.
    private const string Probe = "cd /tmp; /bin/busybox mkdir m; /bin/busybox rmdir r; /bin/touch t && echo touched";

    [Theory(Timeout = Patience.HeavyTest)]
    [InlineData("Invalid cross-device link", "No such file or directory", "seccomp mkdir=EXDEV")]
    [InlineData("No such device", "Not a directory", "seccomp mkdir=EXDEV", "seccomp mkdir=ENODEV rmdir=ENOTDIR")]
    [InlineData("Not a directory", "Not a directory", "prctl rmdir=ENOTDIR mkdir=EXDEV", "seccomp mkdir=ENODEV", "prctl mkdir=ENOTDIR")]
    [InlineData("No such device", "Invalid cross-device link", "seccomp mkdir=EXDEV", "seccomp mkdir=ENODEV rmdir=ENOTDIR seccomp=EPERM", "prctl rmdir=EXDEV")]
    public async Task A_call_that_fails_for_the_first_process_fails_in_the_same_way(string mkdir, string rmdir, params string[] filters)
    {
        using var directory = new TempDirectory();
        foreach (var before in (string[])["", "setpriv --no-new-privs"])
        {
            await using var target = await RunningTarget.StartAsync(
                TargetKind.Unshare,
                prepare: $"echo '{Probe}' >$R/tmp/probe",
                wrapper: $"{before} {SeccompFilters.Wrapper(directory, filters)} /bin/sh -c 'chroot $0 /bin/sh /tmp/probe >$0/tmp/own 2>&1; exec \"$@\"' $R");

            var (status, output) = await Attached.RunAsync(target, ". /tmp/probe; grep Seccomp_filters /proc/self/status");

            Assert.Equal((0, $"mkdir: can't create directory 'm': {mkdir}\nrmdir: 'r': {rmdir}\ntouched\nSeccomp_filters:\t{filters.Length}"), (status, output));
            Assert.StartsWith((await File.ReadAllTextAsync(target.Root["tmp/own"])).TrimEnd('\n'), output, StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task One_that_cannot_be_installed_after_those_before_it_is_refused()
    {
        // The first process got it with a flag, which the filter before it does not look for, and nobody can see.
        using var directory = new TempDirectory();
        var wrapper = SeccompFilters.Wrapper(directory, "seccomp prctl=EPERM seccomp:0=EPERM", "log mkdir=ENODEV");
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare, wrapper: wrapper);

        await Refusal.ExpectAsync(target, $"seccomp filter 1 of process {target.ProcessId} cannot be installed after those before it: EPERM");
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task More_than_are_copied_are_refused()
    {
        using var directory = new TempDirectory();
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare, wrapper: SeccompFilters.Wrapper(directory, [.. Enumerable.Repeat("seccomp mkdir=EPERM", 64)]));

        await Refusal.ExpectAsync(target, $"process {target.ProcessId} has a seccomp filter, which cannot be copied: E2BIG");
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task One_that_kills_whoever_starts_a_program_is_told_of()
    {
        using var directory = new TempDirectory();
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare, wrapper: SeccompFilters.Wrapper(directory, "seccomp seccomp=KILL", "prctl mkdir=EPERM"));

        await Refusal.ExpectAsync(target, $"SIGSYS has ended the program: a seccomp filter of process {target.ProcessId} forbids what it takes to start one, or what this one does first");
    }
}
