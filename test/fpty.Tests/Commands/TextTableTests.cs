using Xunit;

namespace Forkpty.Commands.Tests;

public sealed class TextTableTests
{
    private static readonly List<string[]> Rows = [["NAME", "ID", "IDLE", "ON-DISCONNECT", "COMMAND"], ["a-name-of-some-length", "1", "5m10s", "keep 2h0m", "tail -f /var/log/messages"]];

    [Theory]
    [InlineData(0, "NAME                   ID  IDLE   ON-DISCONNECT  COMMAND", "a-name-of-some-length  1   5m10s  keep 2h0m      tail -f /var/log/messages")]
    [InlineData(69, "NAME                   ID  IDLE   ON-DISCONNECT  COMMAND", "a-name-of-some-length  1   5m10s  keep 2h0m      tail -f /var/log/mes")]
    [InlineData(67, "NAME                   ID  ON-DISCONNECT  COMMAND", "a-name-of-some-length  1   keep 2h0m      tail -f /var/log/messages")]
    [InlineData(60, "NAME                   ID  COMMAND", "a-name-of-some-length  1   tail -f /var/log/messages")]
    [InlineData(47, "NAME                   ID  COMMAND", "a-name-of-some-length  1   tail -f /var/log/mes")]
    [InlineData(30, "NAME                   COMMAND", "a-name-of-some-length  tail -f")]
    [InlineData(29, "NAME", "a-name-of-some-length")]
    [InlineData(10, "NAME", "a-name-of-some-length")]
    public void The_command_has_room_before_lesser_columns_and_no_title_is_cut(int width, string titles, string row)
    {
        Assert.Equal($"{titles}\n{row}\n", TextTable.Of(Rows, width, "IDLE", "ON-DISCONNECT", "ID"));
    }

    [Fact]
    public void A_short_command_needs_no_more_than_it_has()
    {
        List<string[]> rows = [["NAME", "IDLE", "COMMAND"], ["work", "5s", "bash"]];

        Assert.Equal("NAME  IDLE  COMMAND\nwork  5s    bash\n", TextTable.Of(rows, 19, "IDLE"));
        Assert.Equal("NAME  COMMAND\nwork  bash\n", TextTable.Of(rows, 18, "IDLE"));
    }
}
