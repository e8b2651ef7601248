using System.Diagnostics;

namespace Forkpty.EndToEnd.Attach;

/// <summary>Keys in the session keyring of whoever attaches (keyrings(7)) are out of the program's reach.</summary>
public sealed class KeysOfTheCaller
{
    // Attaches, makes keys until its user may have no more, as a process of the target can, and attaches again. The kernel takes its time to count a key that is gone: then again.
    private const string Script = """
        import ctypes, subprocess, sys
        add, keyctl, session, process = 248, 250, -3, -2
        call = ctypes.CDLL(None, use_errno=True).syscall
        assert call(keyctl, 1, b"mine") > 0 and call(add, b"user", b"secret", b"x", 1, session) > 0
        look = "import ctypes; print(ctypes.CDLL(None).syscall(250, 10, -3, b'user', b'secret', 0) > 0)"
        def attach():
            done = subprocess.run([sys.argv[1], "attach", "--namespaces", "user", sys.argv[2], "--", "/usr/bin/python3", "-c", look], stdin=subprocess.DEVNULL, capture_output=True, text=True)
            print(done.returncode, done.stdout.strip(), done.stderr.strip())
            return done.returncode != 0 or "True" in done.stdout
        subprocess.run(["/usr/bin/python3", "-c", look])
        attach()
        for each in range(100000):
            if call(add, b"user", b"%d" % each, b"x", 1, process) < 0:
                assert ctypes.get_errno() == 122, ctypes.get_errno()
                if attach():
                    break
        """;

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task They_are_not_the_programs_even_where_it_can_have_none_of_its_own()
    {
        Assert.SkipUnless(Environment.UserName == "root", "other users are there for root only");
        Assert.SkipUnless(File.Exists("/proc/key-users"), "this kernel keeps no keys");
        var uid = 1_000_000 + Environment.ProcessId; // whose keys nobody else uses up
        string[] asUser = ["--reuid", $"{uid}", "--regid", $"{uid}", "--clear-groups"];
        using var target = Process.Start(new ProcessStartInfo("setpriv", [.. asUser, "unshare", "--user", "--map-root-user", "sleep", "1000"]))!;
        try
        {
            await Patience.UntilAsync(() => File.ReadAllText($"/proc/{target.Id}/comm") == "sleep\n", "the target runs");

            var (status, output, error) = await Command.RunAsync(["setpriv", .. asUser, "/usr/bin/python3", "-c", Script, Binaries.Fpty, $"{target.Id}"]);

            Assert.Equal((0, ""), (status, error));
            var lines = output.TrimEnd('\n').Split('\n');
            Assert.Equal(["True", "0 False"], lines[..^1].Select(line => line.TrimEnd()).Distinct());
            Assert.StartsWith($"255  fpty: attach {target.Id}: the program cannot have a keyring of its own, and must not have yours: EDQUOT", lines[^1], StringComparison.Ordinal);
        }
        finally
        {
            target.Kill();
        }
    }

    /// <summary>The program is under the filters of whoever attaches: where those forbid keyctl as if there were no keys, it cannot ask for any.</summary>
    [Theory(Timeout = Patience.Test)]
    [InlineData("EPERM", 0, "EPERM")]
    [InlineData("ENOSYS", 0, "ENOSYS")]
    [InlineData("EACCES", 255, "fpty: attach TARGET: the program cannot have a keyring of its own, and must not have yours: EACCES (Permission denied)")]
    public async Task Under_a_filter_that_forbids_keyctl_they_are_out_of_reach_too(string answer, int status, string said)
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root may enter a namespace of the host");
        using var directory = new TempDirectory();
        using var target = Process.Start("/bin/sleep", "1000")!;
        try
        {
            const string Look = "import ctypes, errno; call = ctypes.CDLL(None, use_errno=True).syscall; print(errno.errorcode[ctypes.get_errno()] if call(250, 0, -3, 0) < 0 else 0)";
            var (got, output, error) = await Command.RunAsync(
                ["/bin/sh", "-c", $"exec {SeccompFilters.Wrapper(directory, $"seccomp keyctl={answer}")} \"$@\" </dev/null", "sh",
                    Binaries.Fpty, "attach", "--namespaces", "uts", $"{target.Id}", "--", "/usr/bin/python3", "-c", Look]);

            Assert.Equal((status, said.Replace("TARGET", $"{target.Id}", StringComparison.Ordinal)), (got, (output + error).TrimEnd()));
        }
        finally
        {
            target.Kill();
        }
    }
}
