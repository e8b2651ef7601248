namespace Forkpty.EndToEnd.Attach;

public sealed class Users
{
    [Theory(Timeout = Patience.HeavyTest)]
    [InlineData(TargetKind.Unshare)]
    [InlineData(TargetKind.Shifted)]
    public async Task A_user_of_the_targets_own_accounts_has_their_groups_home_and_a_terminal_of_its_own(TargetKind kind)
    {
        await using var target = await RunningTarget.StartAsync(kind);

        var (_, output) = await Attached.RunAsync(target, "id -u; id -g; id -G; echo $HOME $USER; pwd; exec 3<>$(tty) && echo again; grep CapEff /proc/self/status", "--user", "bob", "--login");

        Assert.Equal("1000\n1000\n1000 1500\n/home/bob bob\n/home/bob\nagain\nCapEff:\t0000000000000000", output);
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_number_needs_no_account()
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare);

        Assert.Equal("4242 4343 4343", (await Attached.RunAsync(target, "echo $(id -u) $(id -g) $(id -G)", "--user", "4242:4343")).Output);
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task An_unknown_user_is_refused()
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare);

        var (status, output) = await Attached.RunAsync(target, "echo in", "--user", "nobody-here");

        Assert.Equal(255, status);
        Assert.Contains("/etc/passwd has no user nobody-here", output, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_user_outside_of_the_map_is_refused()
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Mapped);

        var (status, output) = await Attached.RunAsync(target, "echo in", "--user", "bob");

        Assert.Equal(255, status);
        Assert.Contains("does not exist in the user namespace", output, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task An_account_without_a_shell_gets_a_plain_one()
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare);
        await using var terminal = await Attached.StartAsync(target.FullName, [], ["--user", "locked"]);
        await terminal.Output.ExpectAsync("$ ");

        await terminal.TypeAsync("id -un; echo $SHELL; exit\r");

        await terminal.Output.ExpectAsync("locked");
        await terminal.Output.ExpectAsync("/bin/sh");
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task The_environment_is_a_documented_set()
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare);
        await using var terminal = await Terminal.StartAsync(
            [Binaries.Fpty, "attach", "--env", "GIVEN=yes", $"{target.ProcessId}", "--", "/bin/env"],
            environment: new Dictionary<string, string> { ["SECRET"] = "x-9216", ["LD_PRELOAD"] = "", ["LANG"] = "C.UTF-8", ["LC_TIME"] = "C", ["TERM"] = "xterm" });

        Assert.Equal(0, await terminal.ExpectExitAsync());

        var names = terminal.Output.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=')[0]).ToArray();
        Assert.Empty(names.Except(["PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM", "COLORTERM", "LANG", "LANGUAGE", "LC_TIME", "LC_ALL", "GIVEN"]));
        Assert.Contains("GIVEN", names);
        Assert.Contains("LC_TIME", names);
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_cleared_environment_has_nothing_of_the_callers()
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare);

        var (_, output) = await Attached.ExecuteAsync(target.FullName, ["/bin/env"], ["--clear-env"]);

        Assert.Equal(["HOME", "LOGNAME", "PATH", "SHELL", "USER"], output.Split('\n').Select(line => line.Split('=')[0]).Order());
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task The_path_of_the_first_process_counts_among_the_targets_own_files_alone()
    {
        const string Own = "/tmp/own:/usr/sbin:/bin";
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare, wrapper: $"env PATH={Own} SECRET=x");
        await Command.ShellAsync($"mkdir {target.Root["tmp/own"]}; printf '#!/bin/sh\necho mine\n' >{target.Root["tmp/own/uname"]}; chmod -R 755 {target.Root["tmp/own"]}");

        Assert.Equal((0, "mine"), await Attached.ExecuteAsync(target.FullName, ["uname"], []));
        Assert.Equal((0, $"{Own} none"), await Attached.RunAsync(target, "echo $PATH ${SECRET:-none}", "--user", "bob"));
        Assert.Equal((0, "/x:/bin"), await Attached.RunAsync(target, "echo $PATH", "--env", "PATH=/x:/bin"));
        Assert.Equal((0, "Linux"), await Attached.ExecuteAsync(target.FullName, ["uname"], ["--namespaces", "uts,net"]));
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_command_is_looked_up_in_the_path_inside()
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare);

        Assert.Equal((0, "inside"), await Attached.ExecuteAsync(target.FullName, ["echo", "inside"], []));
        var (status, output) = await Attached.ExecuteAsync(target.FullName, ["no-such-program"], []);
        Assert.Equal(255, status);
        Assert.Contains("the target has no no-such-program", output, StringComparison.Ordinal);
    }

    [Theory(Timeout = Patience.HeavyTest)]
    [InlineData(TargetKind.Unshare)]
    [InlineData(TargetKind.Runc)]
    public async Task The_program_begins_where_it_is_told_to_and_else_where_the_first_process_is(TargetKind kind)
    {
        await using var target = await RunningTarget.StartAsync(kind);

        Assert.Equal((0, "/home/bob\n/home/bob"), await Attached.RunAsync(target, "pwd; readlink /proc/self/cwd", "--cwd", "/home/bob"));
        Assert.Equal((0, "/tmp"), await Attached.RunAsync(target, "pwd", "--cwd", "/tmp", "--user", "bob", "--login"));
        Assert.Equal((0, "/"), await Attached.RunAsync(target, "pwd"));
        var (status, output) = await Attached.RunAsync(target, "echo in", "--cwd", "/not-there");
        Assert.Equal(255, status);
        Assert.Contains("the directory /not-there cannot be entered by user ", output, StringComparison.Ordinal);
        Assert.Contains("ENOENT", output, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_login_shell_knows_that_it_is_one()
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare);
        await Command.ShellAsync($"echo 'echo profile of $USER' >{target.Root["home/bob/.profile"]}");
        await using var terminal = await Attached.StartAsync(target.FullName, [], ["--user", "bob", "--login"]);
        await terminal.Output.ExpectAsync("profile of bob\r\n");

        await terminal.TypeAsync("echo name-$0; pwd; exit 5\r");

        await terminal.Output.ExpectAsync("name--sh\r\n/home/bob\r\n");
        Assert.Equal(5, await terminal.ExpectExitAsync());
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task Variables_that_are_given_come_last_and_also_into_a_cleared_environment()
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare);

        var (_, output) = await Attached.ExecuteAsync(target.FullName, ["/bin/env"], ["--clear-env", "--env", "A=1", "--env", "HOME=/tmp", "--env", "A=two words"]);

        Assert.Equal(["A=two words", "HOME=/tmp"], output.Split('\n').Where(line => line.StartsWith("A=", StringComparison.Ordinal) || line.StartsWith("HOME=", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal(6, output.Split('\n').Length);
    }
}
