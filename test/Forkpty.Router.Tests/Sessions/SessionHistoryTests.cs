using System.Text;
using Forkpty.Named;
using Xunit;

namespace Forkpty.Tests.Sessions;

public sealed class SessionHistoryTests
{
    [Fact]
    public void An_absurd_window_costs_what_a_large_one_does()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        var history = new SessionHistory(new WindowSize(65_535, 65_535), 4096);
        history.Append("x"u8);
        long cost = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.InRange(cost, 0, 9 << 20);
        Assert.Contains("x", Encoding.UTF8.GetString(history.Paint(withScrollback: false)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_thousand_sizes_at_once_are_one_change()
    {
        var history = new SessionHistory(new WindowSize(50, 100), 1 << 20);
        history.Append(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(1, 2_000).Select(n => $"{n} {new string('x', 150)}\r\n"))));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
            history.Resize(new WindowSize(50, (ushort)(80 + i % 2)));
        history.Append("y"u8);
        long cost = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.InRange(cost, 0, 10 << 20); // each one takes a megabyte
    }
}
