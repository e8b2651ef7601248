using System.Text;
using Forkpty.Targets;
using Xunit;

namespace Forkpty.Tests;

public sealed class TargetAccountsTests
{
    private const string Passwd = "root:x:0:0:root:/root:/bin/sh\nbob:x:1000:1001::/home/bob:/bin/ash\n";
    private const string Group = "root:x:0:\nbob:x:1001:\nextra:x:1500:alice,bob\nother:x:1501:bobby\n";

    [Fact]
    public void An_account_is_found_by_name_and_by_number()
    {
        TargetAccounts accounts = Of(Passwd);

        Assert.Equal(1001u, accounts.Find("bob")!.Gid);
        Assert.Equal("/bin/ash", accounts.Find(1000)!.Shell);
        Assert.Null(accounts.Find("alice"));
        Assert.Null(accounts.Find(7));
    }

    [Fact]
    public void A_user_is_in_its_own_group_and_in_those_that_name_it() => Assert.Equal([1001u, 1500u], Of(Passwd).GroupsOf("bob", 1001));

    [Theory]
    [InlineData("bob:x:-1:0::/:/bin/sh")]
    [InlineData("bob:x:4294967295:0::/:/bin/sh")]
    [InlineData("bob:x:99999999999:0::/:/bin/sh")]
    [InlineData("bob:x:0x10:0::/:/bin/sh")]
    [InlineData("bob:x: 5:0::/:/bin/sh")]
    [InlineData("bob:x:5:0::/:/bin/sh:more")]
    [InlineData("bob:x:5:0::/")]
    [InlineData("bob:x:5:0::/:\u001b]0;x\u0007/bin/sh")]
    [InlineData("bob:x:5:0::/:\u009b2J/bin/sh")]
    [InlineData("")]
    public void What_is_no_account_is_passed_over(string line) => Assert.Null(Of($"{line}\n").Find("bob"));

    [Fact]
    public void No_file_is_as_an_empty_one()
    {
        var accounts = new TargetAccounts(null, null);

        Assert.Null(accounts.Find(0));
        Assert.Null(accounts.FindGroup("root"));
        Assert.Equal(5u, accounts.FindGroup("5"));
    }

    [Fact]
    public void A_member_of_thousands_of_groups_is_in_sixty_four()
    {
        var lines = string.Concat(Enumerable.Range(10, 5000).Select(i => $"g{i}:x:{i}:bob\n"));

        Assert.Equal(64, new TargetAccounts([], Encoding.UTF8.GetBytes(lines)).GroupsOf("bob", 0).Length);
    }

    [Fact]
    public void The_last_line_of_what_is_read_of_a_longer_file_names_nobody()
    {
        // Cut after "bob": in the file it goes on with "by".
        const string Cut = "bob:x:5:5::/:/bin/sh\ndocker:x:999:bob";
        byte[] file = Encoding.UTF8.GetBytes(new string('\n', EntryHelper.MostText - Cut.Length) + Cut);

        Assert.Equal([5u], new TargetAccounts([], file).GroupsOf("bob", 5));
        Assert.Equal([5u, 999u], new TargetAccounts([], file[1..]).GroupsOf("bob", 5)); // a shorter one is all of it
        Assert.NotNull(new TargetAccounts(file, []).Find("bob"));
    }

    private static TargetAccounts Of(string passwd) => new(Encoding.UTF8.GetBytes(passwd), Encoding.UTF8.GetBytes(Group));
}
