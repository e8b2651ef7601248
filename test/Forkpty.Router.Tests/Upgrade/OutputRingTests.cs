using Forkpty.Named;
using Xunit;

namespace Forkpty.Tests.Upgrade;

public sealed class OutputRingTests
{
    [Theory]
    [InlineData(1_000, 1_000)]
    [InlineData(70_000, 100_000)]
    [InlineData(100_000, 100_000)]
    [InlineData(350_000, 100_000)]
    [InlineData(350_000, 50_000)]
    [InlineData(350_000, 400_000)]
    public void A_ring_after_another_has_what_that_had_and_goes_on_where_it_stood(int written, int capacityAfter)
    {
        const int Capacity = 100_000;
        var ring = new OutputRing(Capacity);
        byte[] all = [.. Enumerable.Range(0, written + 200_000).Select(i => (byte)(i * 7 / 3))];
        for (int at = 0; at < written; at += 999)
            ring.Append(all.AsSpan(at, Math.Min(999, written - at)));
        byte[] held = new byte[ring.End - ring.Start];
        ring.Read(ring.Start, held);

        var after = OutputRing.After(capacityAfter, ring.End, held);

        Assert.Equal(ring.End, after.End);
        Assert.Equal(written, after.End);
        Assert.InRange(after.Start, ring.Start, ring.End);
        Assert.True(after.End - after.Start >= Math.Min(held.Length, capacityAfter));
        Check(after);
        for (int at = written; at < all.Length; at += 1_234)
        {
            after.Append(all.AsSpan(at, Math.Min(1_234, all.Length - at)));
            Check(after);
        }

        void Check(OutputRing ring)
        {
            byte[] bytes = new byte[ring.End - ring.Start];
            Assert.Equal(bytes.Length, ring.Read(ring.Start, bytes));
            Assert.True(bytes.AsSpan().SequenceEqual(all.AsSpan((int)ring.Start, bytes.Length)));
        }
    }
}
