using Forkpty.EndToEnd.Attach;

namespace Forkpty.EndToEnd.ClientSessions;

/// <summary>What a person reads at the beginning and at the end: on lines of their own.</summary>
public sealed class Goodbye
{
    [Theory(Timeout = Patience.Test)]
    [InlineData("--name work --keep", "\r~d", "prompt>\r\nfpty: left work, which goes on; ")]
    [InlineData("--name work --keep", "\r~.", "prompt>\r\nfpty: left work, which goes on; ")]
    [InlineData("--name work --on-disconnect hup", "\r~.", "prompt>\r\nfpty: left work, which ends with that\r\n")]
    public async Task It_begins_a_line(string options, string keys, string expected)
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var terminal = await Terminal.StartAsync(
            [Binaries.Fpty, "connect", router.UwsgiAddress, .. options.Split(' '), "--", "sh", "-c", "stty -echo; printf 'prompt>'; exec sleep 987"], columns: 200);
        await terminal.Output.ExpectAsync("prompt>");

        await terminal.TypeAsync(keys);

        Assert.Equal(0, await terminal.ExpectExitAsync());
        Assert.Contains(expected, terminal.Output.Text, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_session_without_a_name_has_ended_and_not_a_connection()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var terminal = await Terminal.StartAsync([Binaries.Fpty, "connect", router.UwsgiAddress], columns: 200);
        await terminal.ExpectRawAsync();

        await terminal.TypeAsync("printf \"is-%s-\" $FPTY_SESSION; exit\r");

        Assert.Equal(0, await terminal.ExpectExitAsync());
        Assert.Matches("is-([0-9]+)-\r\nfpty: session \\1 ended\r\n$", terminal.Output.Text);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_line_that_has_ended_is_not_ended_again()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var terminal = await Terminal.StartAsync([Binaries.Fpty, "connect", router.UwsgiAddress, "--name", "work", "--keep", "--", "sh", "-c", "stty -echo; echo up; exec sleep 987"]);
        await terminal.Output.ExpectAsync("up\r\n");

        await terminal.TypeAsync("\r~d");

        await terminal.Output.ExpectAsync("comes back");
        Assert.Contains("up\r\nfpty: left work", terminal.Output.Text, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Who_only_looks_is_told_that_keys_go_nowhere()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await Command.ShellAsync($"{Binaries.Fpty} connect {router.UwsgiAddress} --detached --name work");

        await using var terminal = await Terminal.StartAsync([Binaries.Fpty, "attach", "--read-only", "work", router.UwsgiAddress], columns: 200);

        await terminal.Output.ExpectAsync($"fpty: session work at {router.UwsgiAddress}, to look at only: what you type goes nowhere; it goes on when you leave");
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData("^]", "\x1d", "  ?   this help\r\n  ^]  send ^]\r\n")]
    [InlineData("~", "~", "  ?   this help\r\n  ~   send ~\r\n")]
    public async Task The_help_is_in_columns(string name, string key, string expected)
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var terminal = await Terminal.StartAsync([Binaries.Fpty, "connect", router.UwsgiAddress, "--escape", name]);
        await terminal.ExpectRawAsync();

        await terminal.TypeAsync($"\r{key}?");

        await terminal.Output.ExpectAsync(expected);
    }

    [Fact(Timeout = Patience.HeavyTest, Skip = "only root can enter a target", SkipUnless = nameof(IsRoot))]
    public async Task Of_a_target_too()
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare);
        await using var terminal = await Attached.StartAsync(target.FullName, ["/bin/sh", "-c", "stty -echo; printf 'prompt>'; exec sleep 987"], ["--escape", "^]"]);
        await terminal.Output.ExpectAsync("prompt>");

        await terminal.TypeAsync("\r\x1d?");
        await terminal.Output.ExpectAsync("  ?   this help\r\n  ^]  send ^]\r\n");
        await terminal.TypeAsync("\r\x1d.");

        Assert.Equal(0, await terminal.ExpectExitAsync());
        Assert.EndsWith($"\r\nfpty: left {target.FullName}, where the program is hung up\r\n", terminal.Output.Text, StringComparison.Ordinal);
    }

    public static bool IsRoot => Environment.UserName == "root";
}
