using Forkpty.Interop;
using Forkpty.Reactor;
using Xunit;

namespace Forkpty.Tests;

/// <summary>How a program ends, and what happens to what it said before.</summary>
public sealed class ExitTests
{
    [Theory(Timeout = 150_000)]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(255)]
    public async Task An_exit_code_is_told(int code)
    {
        (_, ExitStatus status) = await Programs.Run("/bin/sh", "-c", $"exit {code}");
        Assert.Equal(ExitStatus.Exited(code), status);
        Assert.Equal(code, status.ShellCode);
        Assert.Equal($"exit code {code}", status.ToString());
    }

    [Fact(Timeout = 150_000)]
    public async Task A_signal_is_told()
    {
        (_, ExitStatus status) = await Programs.Run("/bin/sh", "-c", "ulimit -c 0; kill -TERM $$");
        Assert.Equal(ExitStatus.Killed(Libc.SIGTERM), status);
        Assert.Equal(143, status.ShellCode);
        Assert.Equal("signal 15", status.ToString());
    }

    [Fact(Timeout = 150_000)]
    public async Task A_core_dump_is_told()
    {
        string pattern = (await File.ReadAllTextAsync("/proc/sys/kernel/core_pattern")).Trim();
        Assert.SkipWhen(pattern.Length == 0 || pattern.StartsWith('|'), "The kernel writes no core dumps into files here.");
        string directory = Directory.CreateTempSubdirectory("fpty-test-").FullName;
        try
        {
            await using PtyProcess process = await PtyProcess.StartAsync(
                new PtyCommand("/bin/sh") { Arguments = ["-c", "ulimit -c unlimited && kill -QUIT $$"], WorkingDirectory = directory });
            await process.ReadToEnd();
            ExitStatus status = await process.WaitForExitAsync();
            Assert.SkipWhen(status.Code != null, "No core dumps are allowed here.");
            Assert.Equal(ExitStatus.Killed(Libc.SIGQUIT, coreDumped: true), status);
            Assert.Equal("signal 3, core dumped", status.ToString());
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact(Timeout = 150_000)]
    public async Task A_status_that_somebody_else_took_is_unknown()
    {
        await using PtyProcess process = await Programs.Sh("read line");
        Task<ExitStatus> exit = process.WaitForExitAsync();
        Task<int> thief = Task.Run(() => Libc.waitpid(process.Id, block: true, out _));
        await process.Type("\n");
        await thief;
        ExitStatus status = await exit;
        Assert.True(status == ExitStatus.Exited(0) || status.IsUnknown, status.ToString());
    }

    [Fact(Timeout = 150_000)]
    public async Task What_was_said_before_the_exit_can_be_read_after_it()
    {
        await using PtyProcess process = await Programs.Sh("head -c 3000 /dev/zero | tr '\\0' x");
        Assert.Equal(ExitStatus.Exited(0), await process.WaitForExitAsync());
        Assert.Equal(new string('x', 3000), await process.ReadToEnd());
    }

    [Theory(Timeout = 150_000)]
    [InlineData(64 * 1024, 16)]
    [InlineData(777, 4)]
    public async Task A_mebibyte_before_the_exit_is_read_whole(int bufferSize, int times)
    {
        for (int i = 0; i < times; i++)
        {
            await using PtyProcess process = await Programs.Sh("head -c 1048576 /dev/zero | tr '\\0' x");
            string output = await process.ReadToEnd(bufferSize);
            Assert.Equal(1_048_576, output.Length);
            Assert.True(output.AsSpan().IndexOfAnyExcept('x') < 0);
            Assert.Equal(ExitStatus.Exited(0), await process.WaitForExitAsync());
        }
    }

    [Fact(Timeout = 150_000)]
    public async Task The_end_of_output_is_0_again_and_again()
    {
        await using PtyProcess process = await Programs.Start("/bin/true");
        Assert.Equal("", await process.ReadToEnd());
        Assert.Equal(0, await process.ReadAsync(new byte[10]));
    }

    [Fact(Timeout = 150_000)]
    public async Task Output_goes_on_while_another_process_holds_the_terminal_after_the_exit()
    {
        await using PtyProcess process = await Programs.Sh("setsid sh -c 'echo $$; exec sleep 1000' & read line; exit 3");
        int holder = int.Parse(await process.ReadUntil("\n"), System.Globalization.CultureInfo.InvariantCulture);
        await process.Type("\n");
        Assert.Equal(ExitStatus.Exited(3), await process.WaitForExitAsync());

        Task<string> rest = process.ReadToEnd();
        await Programs.LoopHasCaughtUp();
        Assert.False(rest.IsCompleted);
        Libc.kill(holder, Libc.SIGKILL);
        await rest;
    }

    [Fact(Timeout = 150_000)]
    public async Task Waiting_for_the_exit_can_be_given_up_and_taken_up_again()
    {
        await using PtyProcess process = await Programs.Sh("read line; exit 4");
        using var cancellation = new CancellationTokenSource();
        Task<ExitStatus> first = process.WaitForExitAsync(cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await process.Type("\n");
        Assert.Equal(ExitStatus.Exited(4), await process.WaitForExitAsync());
    }

    [Fact(Timeout = 150_000)]
    public async Task Disposing_hangs_up()
    {
        PtyProcess process = await Programs.Sh("trap 'exit 9' HUP; echo ready; sleep 1000 & wait");
        await process.ReadUntil("ready\r\n");
        await process.DisposeAsync();
        Assert.Equal(ExitStatus.Exited(9), await process.WaitForExitAsync());
    }

    [Fact(Timeout = 150_000)]
    public async Task Disposing_ends_and_reaps_who_does_not_care()
    {
        PtyProcess process = await Programs.Start("/bin/cat");
        await process.DisposeAsync();
        await process.DisposeAsync();
        Assert.Equal(ExitStatus.Killed(Libc.SIGHUP), await process.WaitForExitAsync());
        Assert.False(Directory.Exists($"/proc/{process.Id}"));
    }

    /// <summary>As where fs.epoll.max_user_watches is reached; here the kernel refuses since it watches that descriptor already.</summary>
    [Fact(Timeout = 150_000)]
    public async Task A_program_that_the_kernel_does_not_watch_is_ended_and_reaped_and_who_waits_is_told()
    {
        using var plan = new SpawnPlan(new PtyCommand("/bin/sh") { Arguments = ["-c", "trap '' HUP; exec sleep 1000"] });
        (Pty terminal, Leader leader) = PtySpawner.Start(plan, WindowSize.Default);
        EventLoop.Shared.Post(_ => EventLoop.Shared.Add(leader.Pidfd.Value, Libc.EPOLLET, new Nobody(), role: 0)); // until that is closed
        await using var process = new PtyProcess(terminal, leader);

        KernelException refused = await Assert.ThrowsAsync<KernelException>(() => process.WaitForExitAsync());

        Assert.Equal((int)Errno.EEXIST, refused.Errno);
        Assert.False(Directory.Exists($"/proc/{process.Id}"));
        Assert.False(process.Signal(Libc.SIGTERM));
        Assert.True(leader.Pidfd.IsClosed);
        Assert.Equal("next\r\n", (await Programs.Run("/bin/echo", "next")).Output);
    }

    private sealed class Nobody : IEventSource
    {
        public void OnEvents(int role, uint events)
        {
        }
    }
}
