namespace Forkpty.EndToEnd;

public sealed class FirstTry
{
    [Fact(Timeout = Patience.Test)]
    public async Task Piped_lines_run_in_the_jail_and_everything_is_gone_at_exit()
    {
        var host = await Command.ShellAsync("hostname");

        var result = await Command.RunAsync([Binaries.Fpty, "try"], "hostname\necho sum-$((20+22))\n");

        Assert.Equal(0, result.Status);
        Assert.Contains("sum-42", result.Output, StringComparison.Ordinal);
        Assert.Contains(Environment.UserName == "root" ? "iaminajail" : host, result.Output, StringComparison.Ordinal);
        Assert.Equal(host, await Command.ShellAsync("hostname"));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task On_a_terminal_it_is_this_terminal()
    {
        await using var terminal = await Terminal.StartAsync([Binaries.Fpty, "try"], rows: 31, columns: 99);
        await terminal.ExpectRawAsync();

        await terminal.TypeAsync("until [ \"$(stty size)\" = '31 99' ]; do :; done; echo sized-$((1+1)); exit\r");

        await terminal.Output.ExpectAsync("sized-2");
        Assert.Equal(0, await terminal.ExpectExitAsync());
        Assert.Equal(terminal.FirstSettings, await terminal.SettingsAsync());
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Without_the_right_to_a_jail_it_says_so_and_goes_on_without()
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root can give up the right to make a jail alone");
        var host = await Command.ShellAsync("hostname");

        var result = await Command.RunAsync(["/usr/bin/setpriv", "--bounding-set=-sys_admin", Binaries.Fpty, "try"], "hostname\n");

        Assert.Equal(0, result.Status);
        Assert.Contains($"{host}\r\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("fpty: a jail is not allowed here, so the host's name is not iaminajail; going on without\n", result.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task An_ordinary_user_has_a_jail_or_reads_that_it_is_not_allowed()
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root can become an ordinary user");

        var result = await Command.RunAsync([.. AsNobody, Binaries.Fpty, "try"], "hostname\n");

        Assert.Equal(0, result.Status);
        Assert.True(
            result.Output.Contains("iaminajail\r\n", StringComparison.Ordinal) != result.Error.Contains("a jail is not allowed here", StringComparison.Ordinal),
            result.Output + result.Error);
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData(false, "")]
    [InlineData(false, "--uid=nobody --gid=nogroup")] // the kernel forgets the tie where the user changes
    [InlineData(false, "--unshare=uts,pid")]
    [InlineData(true, "")]
    public async Task The_router_ends_with_it_whatever_ends_it(bool asNobody, string options)
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root can become another user");
        using var directory = new TempDirectory();
        File.SetUnixFileMode(directory.Root, (UnixFileMode)0b1_111_111_111);
        string[] command = [.. asNobody ? AsNobody : [], Binaries.Fpty, "try", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        await using var terminal = await Terminal.StartAsync(command, environment: new Dictionary<string, string> { ["TMPDIR"] = directory.Root });
        await terminal.Output.ExpectAsync(new System.Text.RegularExpressions.Regex(@"fpty connect (/\S+)"));
        await terminal.ExpectRawAsync();
        var started = ProcessFacts.Descendants(terminal.ProcessId);
        Assert.NotEmpty(started);

        await Command.SignalAsync(terminal.ProcessId, "KILL");

        await Patience.UntilAsync(() => !started.Any(ProcessFacts.IsAlive), "the end of the router and of the session");
        if (!options.Contains("uid", StringComparison.Ordinal)) // another user may not remove it
            Assert.Empty(Directory.GetFileSystemEntries(directory.Root));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Where_the_router_is_gone_before_it_the_status_is_that_of_a_lost_connection()
    {
        await using var terminal = await Terminal.StartAsync([Binaries.Fpty, "try"]);
        await terminal.ExpectRawAsync();
        int router = Assert.Single(ProcessFacts.Children(terminal.ProcessId), ProcessFacts.IsAlive);
        await Command.SignalAsync(terminal.ProcessId, "STOP"); // so that it looks only when all is over
        await Command.SignalAsync(router, "TERM");
        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(router), "the end of the router");

        await Command.SignalAsync(terminal.ProcessId, "CONT");

        Assert.Equal(254, await terminal.ExpectExitAsync());
        Assert.DoesNotContain("Could not find", terminal.Output.Text, StringComparison.Ordinal);
    }

    /// <summary>Inside of another root the path of the trial's directory means another one.</summary>
    [Fact(Timeout = Patience.Test)]
    public async Task In_a_root_of_its_own_the_router_removes_nothing_of_that_root()
    {
        Assert.SkipUnless(Environment.UserName == "root", "another root needs root");
        const string MakeRoot = "root=$0; mkdir -p $root/bin $root/proc $root/dev; cp $(command -v busybox) $root/bin/busybox; for each in sh hostname; do ln -s busybox $root/bin/$each; done; "
            + "mount -t proc proc $root/proc; mount --rbind /dev $root/dev; exec \"$@\"";
        using var directory = new TempDirectory();
        Directory.CreateDirectory(directory["trials"]);
        string root = directory["root"];
        string[] command = ["/usr/bin/unshare", "--mount", "/bin/sh", "-ec", MakeRoot, root, Binaries.StaticFpty, "try", "--chroot", root];
        await using var terminal = await Terminal.StartAsync(command, environment: new Dictionary<string, string> { ["TMPDIR"] = directory["trials"] });
        await terminal.Output.ExpectAsync(new System.Text.RegularExpressions.Regex(@"fpty connect (/\S+)"));
        await terminal.ExpectRawAsync();
        string trial = Assert.Single(Directory.GetDirectories(directory["trials"]));
        string other = Directory.CreateDirectory(root + trial).FullName;
        var started = ProcessFacts.Descendants(terminal.ProcessId);

        await Command.SignalAsync(terminal.ProcessId, "KILL");

        await Patience.UntilAsync(() => !started.Any(ProcessFacts.IsAlive), "the end of the router and of the session");
        Assert.True(Directory.Exists(other));
    }

    private static string[] AsNobody => ["/usr/bin/setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"];
}
