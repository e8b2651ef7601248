using System.Reflection;
using System.Runtime.Loader;
using Forkpty.Interop;
using Forkpty.Reactor;
using Xunit;

namespace Forkpty.Tests;

[Collection(nameof(Alone))]
public sealed class SharedLoopTests
{
    [Fact(Timeout = 150_000)]
    public async Task A_loop_that_could_not_be_started_for_want_of_a_descriptor_is_started_later()
    {
        await Programs.Run("/bin/true"); // what the runtime loads for a loop it has loaded now
        Assert.Throws<KernelException>(() => KernelException.Check(-(int)Errno.EMFILE, "epoll_create1", "test"));
        PropertyInfo shared = SecondCopy(typeof(EventLoop)).GetProperty(nameof(EventLoop.Shared))!;
        Libc.getrlimit(0, Libc.RLIMIT_NOFILE, out Libc.rlimit limit);
        try
        {
            Libc.setrlimit(0, Libc.RLIMIT_NOFILE, limit with { rlim_cur = 3 });
            Assert.Equal("KernelException", Assert.Throws<TargetInvocationException>(() => shared.GetValue(null)).InnerException!.GetType().Name);
        }
        finally
        {
            Libc.setrlimit(0, Libc.RLIMIT_NOFILE, limit);
        }

        Assert.NotNull(shared.GetValue(null));
    }

    /// <summary>The same type with static fields of its own, in which nothing has been started.</summary>
    private static Type SecondCopy(Type type) => new AssemblyLoadContext("copy").LoadFromAssemblyPath(type.Assembly.Location).GetType(type.FullName!)!;
}
