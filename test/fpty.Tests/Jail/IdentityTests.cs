using Forkpty.Interop;
using Xunit;

namespace Forkpty.Jail;

/// <summary>Names to numbers, from the files alone.</summary>
public sealed class IdentityTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("accounts").FullName;
    private readonly Accounts _accounts;

    public IdentityTests()
    {
        Directory.CreateDirectory(_root + "/etc");
        File.WriteAllText(_root + "/etc/passwd", "# people\nkratos:x:1000:1000:The Ghost:/home/kratos:/bin/bash\nbroken:x:abc:1:::\nshort:x\n77:x:5:5::/:/bin/sh\n+nis\n");
        File.WriteAllText(_root + "/etc/group", "kratos:x:1000:\nwheel:x:10:atreus,kratos\naudio:x:29:kratos\ndocker:x:99:atreus\nbad:x:-1:kratos\n");
        _accounts = Accounts.Read(_root);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void The_groups_of_the_user_come_along() =>
        Same(new Identity(1000, 1000, [1000, 10, 29]), new JailOptions { User = "kratos" });

    [Fact]
    public void Given_groups_replace_those_of_the_user() =>
        Same(new Identity(1000, 10, [29, 4000]), new JailOptions { User = "kratos", Group = "wheel", AddGroups = ["audio", "4000"] });

    [Fact]
    public void No_initgroups_leaves_none() =>
        Same(new Identity(1000, 1000, []), new JailOptions { User = "1000", NoInitGroups = true });

    [Fact]
    public void A_number_without_an_account_has_no_groups() =>
        Same(new Identity(4242, 4243, []), new JailOptions { User = "4242", Group = "4243" });

    [Fact]
    public void A_name_of_digits_wins_over_the_number() =>
        Same(new Identity(5, 5, [5]), new JailOptions { User = "77" });

    [Theory]
    [InlineData("broken")]
    [InlineData("short")]
    [InlineData("4294967295")]
    [InlineData("-1")]
    public void Lines_that_are_none_and_ids_that_are_none_name_nobody(string user) =>
        Assert.Throws<JailException>(() => Identity.Resolve(new JailOptions { User = user, Group = "1" }, _accounts, _accounts));

    private void Same(Identity expected, JailOptions options)
    {
        Identity got = Identity.Resolve(options, _accounts, new Accounts());
        Assert.Equal((expected.Uid, expected.Gid), (got.Uid, got.Gid));
        Assert.Equal(expected.Groups, got.Groups);
    }
}
