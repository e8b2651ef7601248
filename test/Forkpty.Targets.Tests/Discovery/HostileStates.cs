using System.Text;
using Xunit;

namespace Forkpty.Targets;

/// <summary>State files that a user wrote to keep us busy: root reads those of rootless containers too.</summary>
public sealed class HostileStates
{
    private const int Size = HostFiles.MaxState;

    [Theory]
    [InlineData(1, Size / 2)]
    [InlineData(60, 255)]
    [InlineData(60, 5)]
    public void Many_values_below_long_names_cost_no_more_than_their_number_allows(int depth, int length)
    {
        var text = new StringBuilder("{", Size);
        for (int i = 0; i < depth; i++)
            text.Append('"').Append('n', length).Append("\":{");
        while (text.Length < Size - 100)
            text.Append("\"b\":0,");
        text.Append("\"b\":0").Append('}', depth + 1);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.True(StateText.Read(text.ToString(), (_, _) => { }));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 30);
    }

    [Fact]
    public void What_stands_behind_a_long_name_is_read()
    {
        List<string> taken = [];

        Assert.True(StateText.Read($$$"""{"{{{new string('n', 1000)}}}":{"x":[{"y":1}]},"id":"db","config":{"{{{new string('m', 600)}}}":"no","labels":["yes"]}}""", (way, value) => taken.Add($"{way}={value}")));

        Assert.Equal(["id=db", "config.labels[]=yes"], taken);
    }
}
