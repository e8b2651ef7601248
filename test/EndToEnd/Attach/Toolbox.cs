namespace Forkpty.EndToEnd.Attach;

public sealed class Toolbox
{
    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_target_without_a_shell_is_said_to_have_none()
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare, shell: false);

        var (status, output) = await Attached.ExecuteAsync(target.ProcessId, [], []);

        Assert.Equal(255, status);
        Assert.Contains("the target has no shell", output, StringComparison.Ordinal);
        Assert.Contains("--toolbox", output, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task The_toolbox_is_a_shell_with_its_tools_and_leaves_the_target_as_it_was()
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare, shell: false);
        var before = await StateAsync(target);
        await using var terminal = await Attached.StartAsync(target.ProcessId, [], "--toolbox");
        await terminal.Output.ExpectAsync("# ");

        await terminal.TypeAsync("ls /bin; tty; cat /proc/1/comm | grep -c wait; find /bin -name wait -exec echo found {} \\;\r");

        await terminal.Output.ExpectAsync("wait");
        await terminal.Output.ExpectAsync("/dev/pts/");
        await terminal.Output.ExpectAsync("found /bin/wait");
        Assert.Equal(before, await StateAsync(target)); // while it runs
        await terminal.TypeAsync("exit 3\r");
        Assert.Equal(3, await terminal.ExpectExitAsync());
        Assert.Equal(before, await StateAsync(target));
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_command_may_be_one_of_its_tools()
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare, shell: false);

        Assert.Equal((0, "wait"), await Attached.ExecuteAsync(target.ProcessId, ["ls", "/bin"], ["--toolbox"]));
    }

    private static async Task<string> StateAsync(RunningTarget target) =>
        await File.ReadAllTextAsync($"/proc/{target.ProcessId}/mountinfo")
        + await Command.ShellAsync($"cd {target.Root.Path} && find . -path ./proc -prune -o -printf '%p %y %s %T@\\n' | sort | sha256sum");
}
