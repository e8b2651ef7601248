using System.Diagnostics;
using Forkpty.Interop;
using Forkpty.Testing;
using Xunit;

namespace Forkpty.Tests;

/// <summary>The files may be those of a root that somebody else has filled. The groups of a user: IdentityTests.</summary>
public sealed class AccountsTests : IDisposable
{
    private readonly TempDirectory _root = new();

    public AccountsTests() => Directory.CreateDirectory(_root["etc"]);

    private string File => _root["etc/passwd"];

    public void Dispose() => _root.Dispose();

    [Fact]
    public void A_user_is_found_by_its_number_and_one_without_a_shell_has_bin_sh()
    {
        System.IO.File.WriteAllText(File, "kratos:x:1000:1001::/home/kratos:\n");
        Assert.Equal(new User("kratos", 1000, 1001, "/home/kratos", "/bin/sh"), Accounts.ReadUsers(_root.Root).FindUser(1000));
        Assert.Null(Accounts.ReadUsers(_root.Root).FindUser(1001));
    }

    [Fact]
    public void Without_the_file_there_is_nobody() => Assert.Null(Accounts.ReadUsers(_root.Root).FindUser(0));

    [Fact(Timeout = Patience.Test)]
    public async Task A_pipe_in_its_place_is_refused_and_not_waited_for()
    {
        await Process.Start("mkfifo", [File])!.WaitForExitAsync();
        await Task.Run(() => Refused("is no regular file"));
    }

    [Fact]
    public void A_file_without_an_end_is_refused_and_not_read_to_it()
    {
        using (FileStream file = System.IO.File.Create(File))
            file.SetLength(1L << 40);
        Refused("is larger than 8 MiB");
    }

    private void Refused(string reason) => Assert.Contains(reason, Assert.Throws<IOException>(() => Accounts.ReadUsers(_root.Root)).Message, StringComparison.Ordinal);
}
