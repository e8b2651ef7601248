using Forkpty.Interop;
using Forkpty.Reactor;
using Xunit;

namespace Forkpty.Tests;

public sealed class AsyncFdTests
{
    /// <summary>The loop is shared by all that a program runs on terminals: it must outlive what the kernel refuses to one.</summary>
    [Fact(Timeout = 150_000)]
    public async Task Who_waits_for_what_the_kernel_does_not_watch_is_told_and_others_go_on()
    {
        int file = Libc.open("/proc/self/status", Libc.O_RDONLY | Libc.O_CLOEXEC); // a regular file: epoll_ctl gives EPERM
        using var unwatched = new AsyncFd(new SafeFd(file));

        KernelException refused = await Assert.ThrowsAsync<KernelException>(async () => await unwatched.WaitReadable(TestContext.Current.CancellationToken));
        Assert.Equal((int)Errno.EPERM, refused.Errno);
        await Assert.ThrowsAsync<KernelException>(async () => await unwatched.WaitWritable(TestContext.Current.CancellationToken));

        await Programs.Run("/bin/true");
    }
}
