namespace Forkpty.EndToEnd.Attach;

public sealed class Toolbox
{
    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_target_without_a_shell_is_said_to_have_none()
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare, shell: false);

        var (status, output) = await Attached.ExecuteAsync(target.FullName, [], []);

        Assert.Equal(255, status);
        Assert.Contains("the target has no shell", output, StringComparison.Ordinal);
        Assert.Contains("--toolbox", output, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task The_toolbox_is_a_shell_with_its_tools_and_leaves_the_target_as_it_was()
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare, shell: false);
        var before = await StateAsync(target);
        await using var terminal = await Attached.StartAsync(target.FullName, [], ["--toolbox"]);
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

        Assert.Equal((0, "wait"), await Attached.ExecuteAsync(target.FullName, ["ls", "/bin"], ["--toolbox"]));
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task For_the_doctor_a_shell_that_is_brought_is_as_good_as_one_that_is_there()
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare, shell: false);
        string[] doctor = [Binaries.Fpty, "doctor", $"pid:{target.ProcessId}"];

        var without = await Command.RunAsync(doctor);
        Assert.Equal(1, without.Status);
        Assert.Contains("there is no shell in it", without.Output, StringComparison.Ordinal);

        var with = await Command.RunAsync([.. doctor, "--toolbox"]);
        Assert.Equal((0, ""), (with.Status, with.Error));
        Assert.EndsWith($"can be attached to: fpty attach pid:{target.ProcessId} --toolbox\n", with.Output, StringComparison.Ordinal);

        var hidden = await Command.RunAsync(["/usr/bin/unshare", "--mount", "/bin/sh", "-c", $"mount --bind /dev/null $(realpath /bin/busybox) && exec {string.Join(' ', doctor)} --toolbox"]);
        Assert.Equal((1, ""), (hidden.Status, hidden.Error));
        Assert.Contains("there is no static busybox on this machine", hidden.Output, StringComparison.Ordinal);
    }

    private static async Task<string> StateAsync(RunningTarget target) =>
        await File.ReadAllTextAsync($"/proc/{target.ProcessId}/mountinfo")
        + await Command.ShellAsync($"cd {target.Root.Path} && find . -path ./proc -prune -o -printf '%p %y %s %T@\\n' | sort | sha256sum");
}
