using Forkpty.Interop;
using Forkpty.Testing;
using Xunit;

namespace Forkpty.Tests;

/// <summary>Who gets a signal, and who must not.</summary>
public sealed class SignalTests
{
    /// <summary>Ctrl-C ends `sleep`, the shell of the terminal goes on.</summary>
    [Theory(Timeout = 150_000)]
    [InlineData(Libc.SIGINT, 130)]
    [InlineData(Libc.SIGTERM, 143)]
    public async Task A_signal_reaches_the_foreground_group_and_not_the_shell_behind_it(int signal, int shellCode)
    {
        await using PtyProcess shell = await StartShell();
        await shell.Type("sleep 1000\n");
        await Programs.Eventually(() => shell.Terminal.ForegroundProcessGroup is { } group && File.ReadAllText($"/proc/{group}/comm") == "sleep\n");
        Assert.True(shell.Signal(signal));
        await shell.Type("echo the shell saw $?\n");
        Assert.Contains($"the shell saw {shellCode}", await shell.ReadUntil($"the shell saw {shellCode}\r\n"), StringComparison.Ordinal);
    }

    [Fact(Timeout = 150_000)]
    public async Task Resize_reaches_the_foreground_group()
    {
        await using PtyProcess process = await Programs.Start(
            "/bin/bash", "-c", "trap 'echo the shell' WINCH; set -m; bash -c 'trap \"stty size; kill \\$!; exit\" WINCH; sleep 1000 & echo ready; wait'; echo end");
        await process.ReadUntil("ready\r\n");
        Assert.NotEqual(process.Id, process.Terminal.ForegroundProcessGroup);
        process.Resize(new(33, 111));
        Assert.Equal("33 111\r\nend\r\n", await process.ReadToEnd());
    }

    [Fact(Timeout = 150_000)]
    public async Task A_leader_without_terminal_gets_the_signal_itself()
    {
        await using PtyProcess process = await Programs.Start(
            "perl", "-e", "$| = 1; $SIG{HUP} = 'IGNORE'; open(T, '</dev/tty'); ioctl(T, 0x5422, 0) or die; print 'ready'; sleep 1000");
        await process.ReadUntil("ready");
        Assert.Null(process.Terminal.ForegroundProcessGroup);
        Assert.True(process.Signal(Libc.SIGINT));
        Assert.Equal(ExitStatus.Killed(Libc.SIGINT), await process.WaitForExitAsync());
    }

    [Fact(Timeout = 150_000)]
    public async Task A_signal_after_the_exit_reaches_nobody()
    {
        await using PtyProcess process = await Programs.Start("/bin/true");
        await process.WaitForExitAsync();
        Assert.False(process.Signal(Libc.SIGINT));
        Assert.False(process.Signal(Libc.SIGKILL));
    }

    [Fact(Timeout = 150_000)]
    public async Task A_number_that_is_no_signal_is_refused()
    {
        await using PtyProcess process = await Programs.Start("/bin/cat");
        KernelException failure = Assert.Throws<KernelException>(() => process.Signal(Libc.SIGRTMAX + 1));
        Assert.Equal($"kill on process {process.Id}: EINVAL (Invalid argument)", failure.Message);
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task Signals_that_race_with_the_exit_either_arrive_or_tell_that_it_has_ended()
    {
        for (int i = 0; i < 100; i++)
        {
            await using PtyProcess process = await Programs.Start("/bin/true");
            await Task.Run(() =>
            {
                while (process.Signal(Libc.SIGCONT)) { }
            });
            Assert.Equal(ExitStatus.Exited(0), await process.WaitForExitAsync());
        }
    }

    private static async Task<PtyProcess> StartShell()
    {
        PtyProcess shell = await PtyProcess.StartAsync(new PtyCommand("/bin/bash")
        {
            Arguments = ["--norc", "--noprofile", "--noediting", "-i"],
            Environment = new Dictionary<string, string> { ["PS1"] = "", ["PATH"] = "/usr/bin:/bin" },
        });
        await shell.Type("stty -echo; echo rea''dy\n");
        await shell.ReadUntil("ready\r\n");
        return shell;
    }
}
