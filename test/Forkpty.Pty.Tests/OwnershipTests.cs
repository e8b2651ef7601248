using Forkpty.Interop;
using Forkpty.Testing;
using Xunit;

namespace Forkpty.Tests;

/// <summary>Numbers of descriptors are used again at once: who holds an old process must never reach a new one.</summary>
[Collection(nameof(Alone))]
public sealed class OwnershipTests
{
    [Fact(Timeout = 150_000)]
    public async Task A_disposed_process_reads_and_writes_and_resizes_no_other()
    {
        (PtyProcess old, PtyProcess other) = await OldAndItsSuccessor("trap '' HUP; echo ready; exec sleep 1000", "stty -echo; echo mine; read line; echo \"$line\"; stty size");
        await Programs.Eventually(() => Libc.ioctl_FIONREAD(other.Terminal.Master.Value) > 0);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await old.ReadAsync(new byte[100]));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await old.Type("not for you\n"));
        Assert.Throws<ObjectDisposedException>(() => old.Resize(new(1, 1)));
        Assert.Throws<ObjectDisposedException>(() => old.Terminal.Size);
        Assert.Throws<ObjectDisposedException>(() => old.Terminal.ForegroundProcessGroup);
        await other.Type("hello\n");
        Assert.Equal("mine\r\nhello\r\n24 80\r\n", await other.ReadToEnd());
        Assert.True(old.Signal(Libc.SIGKILL));
        await other.DisposeAsync();
    }

    [Theory(Timeout = 150_000)]
    [InlineData(Libc.SIGINT)]
    [InlineData(Libc.SIGTERM)]
    public async Task A_signal_to_a_disposed_process_reaches_that_one(int signal)
    {
        (PtyProcess old, PtyProcess other) = await OldAndItsSuccessor("trap '' HUP; echo ready; exec sleep 1000", "echo other; read line; exit 5");
        await other.ReadUntil("other\r\n");
        Assert.True(old.Signal(signal));
        Assert.Equal(ExitStatus.Killed(signal), await old.WaitForExitAsync());
        await other.Type("\n");
        Assert.Equal(ExitStatus.Exited(5), await other.WaitForExitAsync());
        await other.DisposeAsync();
    }

    [Fact(Timeout = 150_000)]
    public async Task Disposing_the_terminal_of_a_process_leaves_the_loop_whole()
    {
        PtyProcess process = await Programs.Start("/bin/cat");
        await Programs.LoopHasCaughtUp();
        process.Terminal.Dispose();
        await process.DisposeAsync();
        Assert.Equal(ExitStatus.Killed(Libc.SIGHUP), await process.WaitForExitAsync());
        Assert.Equal("next\r\n", (await Programs.Run("/bin/echo", "next")).Output);
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task Readers_of_processes_that_are_disposed_meanwhile_take_nothing_from_others()
    {
        for (int i = 0; i < 60; i++)
        {
            PtyProcess old = await Programs.Start("/bin/cat");
            Task read = old.ReadAsync(new byte[100]).AsTask();
            await old.DisposeAsync();
            Assert.Equal("whole\r\n", (await Programs.Run("/bin/echo", "whole")).Output);
            await Assert.ThrowsAsync<ObjectDisposedException>(() => read);
            await old.WaitForExitAsync();
        }
    }

    private static async Task<(PtyProcess Old, PtyProcess Other)> OldAndItsSuccessor(string oldScript, string otherScript)
    {
        PtyProcess old = await Programs.Sh(oldScript);
        await old.ReadUntil("ready\r\n");
        int number = old.Terminal.Master.Value;
        await old.DisposeAsync();
        await Programs.LoopHasCaughtUp();
        for (int tries = 0; ; tries++)
        {
            PtyProcess other = await Programs.Sh(otherScript);
            if (other.Terminal.Master.Value == number) return (old, other);
            Assert.InRange(tries, 0, 50); // the runtime has taken it for a moment
            await other.DisposeAsync();
        }
    }
}
