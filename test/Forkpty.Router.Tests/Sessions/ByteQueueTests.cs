using Forkpty.Reactor;
using Forkpty.Sessions;
using Xunit;

namespace Forkpty.Tests.Sessions;

public sealed class ByteQueueTests
{
    private readonly BufferPool _pool = new();

    [Fact]
    public void What_is_appended_is_consumed_in_order_and_in_parts()
    {
        var queue = new ByteQueue();
        queue.Append("abc"u8, _pool);
        queue.Append("def"u8, _pool);
        queue.Consume(2, _pool);
        Assert.Equal("cdef"u8, queue.Bytes);
        Assert.Equal((4, BufferPool.Size - 4), (queue.Count, queue.Room));
        queue.Consume(4, _pool);
        Assert.True(queue.IsEmpty);
    }

    [Fact]
    public void The_last_byte_gives_the_buffer_back()
    {
        byte[] buffer = _pool.Rent();
        _pool.Return(buffer);
        var queue = new ByteQueue();
        queue.Append("abc"u8, _pool);
        queue.Consume(2, _pool);
        Assert.NotSame(buffer, _pool.Rent());
        queue.Consume(1, _pool);
        Assert.Same(buffer, _pool.Rent());
    }

    [Fact]
    public void An_empty_queue_takes_no_buffer()
    {
        byte[] buffer = _pool.Rent();
        _pool.Return(buffer);
        var queue = new ByteQueue();
        queue.Append([], _pool);
        queue.Clear(_pool);
        Assert.Same(buffer, _pool.Rent());
    }

    [Fact]
    public void More_than_a_buffer_grows_and_only_buffers_of_the_pool_go_back()
    {
        byte[] bytes = new byte[(BufferPool.Size * 3) + 1];
        new Random(1).NextBytes(bytes);
        var queue = new ByteQueue();
        queue.Append(bytes.AsSpan(0, 10), _pool);
        queue.Append(bytes.AsSpan(10), _pool);
        Assert.Equal(bytes, queue.Bytes);
        Assert.Equal(0, queue.Room);
        queue.Consume(bytes.Length, _pool);
        Assert.All(Enumerable.Range(0, 40), _ => Assert.Equal(BufferPool.Size, _pool.Rent().Length));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(20261124)]
    public void It_behaves_as_a_list_of_bytes(int seed)
    {
        var random = new Random(seed);
        var queue = new ByteQueue();
        List<byte> model = [];
        for (int i = 0; i < 5_000; i++)
        {
            byte[] bytes = new byte[random.Next(random.Next(8) == 0 ? 20_000 : 600)];
            random.NextBytes(bytes);
            queue.Append(bytes, _pool);
            model.AddRange(bytes);
            int count = random.Next(4) == 0 ? model.Count : random.Next(model.Count + 1);
            if (random.Next(100) == 0)
            {
                queue.Clear(_pool);
                count = model.Count;
            }
            else
            {
                queue.Consume(count, _pool);
            }

            model.RemoveRange(0, count);
            Assert.True(queue.Bytes.SequenceEqual(model.ToArray()), $"step {i}");
            Assert.Equal((model.Count, model.Count == 0, Math.Max(0, BufferPool.Size - model.Count)), (queue.Count, queue.IsEmpty, queue.Room));
        }
    }

    [Fact]
    public void A_pool_keeps_32_buffers_and_no_more()
    {
        HashSet<byte[]> returned = [.. Enumerable.Range(0, 40).Select(_ => _pool.Rent())];
        foreach (byte[] buffer in returned)
            _pool.Return(buffer);
        Assert.Equal(32, Enumerable.Range(0, 40).Count(_ => returned.Contains(_pool.Rent())));
    }
}
