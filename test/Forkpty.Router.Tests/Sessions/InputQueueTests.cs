using Forkpty.Reactor;
using Forkpty.Sessions;
using Xunit;

namespace Forkpty.Tests.Sessions;

public sealed class InputQueueTests
{
    private readonly BufferPool _pool = new();

    [Fact]
    public void Without_a_terminal_all_input_waits_up_to_one_buffer()
    {
        var queue = new InputQueue();
        queue.Write(null, "typed early"u8, _pool);
        Assert.False(queue.IsEmpty);
        Assert.Equal(BufferPool.Size - 11, queue.Room);
        queue.Clear(_pool);
        Assert.True(queue.IsEmpty);
        Assert.Equal(BufferPool.Size, queue.Room);
    }
}
