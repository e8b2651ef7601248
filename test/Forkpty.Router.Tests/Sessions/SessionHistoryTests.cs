using System.Globalization;
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
        Assert.Contains("x", Encoding.UTF8.GetString(history.Paint(withScrollback: false, isNew: true, isForViewer: true)), StringComparison.Ordinal);
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_has_left_the_screen_is_left_out_where_it_would_make_more_than_3_MiB(bool isForViewer)
    {
        var history = new SessionHistory(new WindowSize(50, 100), 4096);
        history.Append("before \r\n"u8);
        history.Append(Colored(lines: 1_000, columns: 100));
        history.Append("after"u8);

        string painted = Encoding.UTF8.GetString(history.Paint(withScrollback: true, isNew: true, isForViewer));

        Assert.InRange(painted.Length, 100_000, 3 << 20);
        Assert.Contains("after", painted, StringComparison.Ordinal);
        Assert.DoesNotContain("before", painted, StringComparison.Ordinal);
    }

    [Fact]
    public void A_screen_of_more_than_that_is_painted_for_a_driver_alone()
    {
        var history = new SessionHistory(new WindowSize(400, 300), 4096);
        history.Append(Colored(lines: 400, columns: 300));

        Assert.InRange(history.Paint(withScrollback: true, isNew: true, isForViewer: false).Length, 3 << 20, 64 << 20);
        Assert.InRange(history.Paint(withScrollback: true, isNew: true, isForViewer: true).Length, 1, 1_000);
    }

    /// <summary>Each cell in two colours that none beside it has.</summary>
    private static byte[] Colored(int lines, int columns)
    {
        var text = new StringBuilder();
        for (int i = 0; i < lines * columns; i++)
            text.Append(CultureInfo.InvariantCulture, $"\e[38;2;100;{100 + i % 25};200;48;2;{100 + i % 24};100;200mx{(i % columns == columns - 1 ? "\e[m\r\n" : "")}");
        return Encoding.ASCII.GetBytes(text.ToString());
    }
}
