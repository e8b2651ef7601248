using System.Diagnostics;
using System.Text;
using Xunit;

namespace Forkpty.Tests;

/// <summary>The line of /proc/PID/stat, whatever a program calls itself.</summary>
public sealed class ProcessStatTests
{
    private const string Rest = "S 7 42 42 34816 42 4194304 100 0 0 0 1 2 3 4 20 0 3 0 987654 1000 200 18446744073709551615 1 1";

    [Theory]
    [InlineData("sh")]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData(") R 1 1 1 (")]
    [InlineData("x) Z 0 1 1")]
    [InlineData("((")]
    [InlineData("\\n) S 1")]
    public void A_name_with_anything_in_it_misleads_nobody(string name)
    {
        Assert.True(ProcessStat.TryParse(Encoding.UTF8.GetBytes($"42 ({name}) {Rest}\n"), out ProcessStat stat));
        Assert.Equal(new ProcessStat(42, 'S', 7, 42, 3, 987654), stat);
    }

    [Theory]
    [InlineData("")]
    [InlineData("42")]
    [InlineData("42 (sh")]
    [InlineData("42 (sh) ")]
    [InlineData("42 (sh) S 7 42 42")]
    [InlineData("42 (sh) S 7 42 x 34816 42 4194304 100 0 0 0 1 2 3 4 20 0 3 0 987654")]
    [InlineData("42 (sh) S 7 42 99999999999 34816 42 4194304 100 0 0 0 1 2 3 4 20 0 3 0 987654")]
    [InlineData("42 (sh) S 7 42 42 34816 42 4194304 100 0 0 0 1 2 3 4 20 0 3 0 -1")]
    [InlineData("42 (sh) SS 7 42 42 34816 42 4194304 100 0 0 0 1 2 3 4 20 0 3 0 987654")]
    [InlineData("-42 (sh) S 7 42 42 34816 42 4194304 100 0 0 0 1 2 3 4 20 0 3 0 987654")]
    [InlineData("x (sh) S 7 42 42 34816 42 4194304 100 0 0 0 1 2 3 4 20 0 3 0 987654")]
    [InlineData("42 (sh) S 7 42 42  34816 42 4194304 100 0 0 0 1 2 3 4 20 0 3 0 987654")]
    public void What_is_no_such_line_is_refused(string line) => Assert.False(ProcessStat.TryParse(Encoding.UTF8.GetBytes(line), out _));

    [Fact]
    public void Our_own_process_is_among_all_with_its_facts()
    {
        using ProcessTable table = ProcessTable.TryOpen()!;
        ProcessStat self = table.Find(Environment.ProcessId)!.Value;
        Assert.Equal(self.Start, table.All().Single(process => process.Pid == Environment.ProcessId).Start);
        Assert.Equal(self.Session, Interop.Libc.getsid(0));
        Assert.True(self.IsAlive);
        Assert.True(self.Threads > 1);
        Assert.InRange(Interop.Libc.boot_ticks() - self.Start, 0ul, (ulong)(DateTime.Now - Process.GetCurrentProcess().StartTime).TotalSeconds * 100 + 200);
    }

    [Fact]
    public void A_number_that_no_process_has_finds_nobody()
    {
        using ProcessTable table = ProcessTable.TryOpen()!;
        Assert.Null(table.Find(int.MaxValue));
    }
}
