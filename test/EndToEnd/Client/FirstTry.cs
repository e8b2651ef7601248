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

    private static string[] AsNobody => ["/usr/bin/setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"];
}
