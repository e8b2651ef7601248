using System.Security.Cryptography;

namespace Forkpty.EndToEnd.ClientSessions;

public sealed class Pipes
{
    [Fact(Timeout = Patience.Test)]
    public async Task Sort_in_a_pipe_is_sort()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);

        var result = await Command.RunAsync([Binaries.Fpty, "connect", router.UwsgiAddress, "--", "sort"], "b\na\n");

        Assert.Equal((0, "", "a\nb\n"), (result.Status, result.Error, result.Output));
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData("--pty")]
    [InlineData("--name", "letters")]
    [InlineData("--keep")]
    public async Task On_a_terminal_it_is_sort_with_its_input_typed(params string[] options)
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);

        var result = await Command.RunAsync([Binaries.Fpty, "connect", router.UwsgiAddress, .. options, "--", "sort"], "b\na\n");

        Assert.Equal((0, "", "b\r\na\r\na\r\nb\r\n"), (result.Status, result.Error, result.Output));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task With_a_terminal_as_input_a_command_has_one_too()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var terminal = await Terminal.StartAsync([Binaries.Fpty, "connect", router.UwsgiAddress, "--", "tty"]);

        await terminal.Output.ExpectAsync("/dev/pts/");
        Assert.Equal(0, await terminal.ExpectExitAsync());
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Both_at_once_is_a_mistake()
    {
        var result = await Command.RunAsync([Binaries.Fpty, "connect", "/nowhere", "--pty", "--no-pty", "--", "true"]);

        Assert.NotEqual(0, result.Status);
        Assert.Contains("--no-pty says the opposite", result.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Without_a_terminal_output_and_errors_are_apart()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);

        var result = await Command.RunAsync(
            [Binaries.Fpty, "connect", "--no-pty", router.UwsgiAddress, "--", "sh", "-c", "tty; cat; echo wrong >&2; exit 3"], "in\n");

        Assert.Equal((3, "not a tty\nin\n", "wrong\n"), (result.Status, result.Output, result.Error));
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_hundred_megabytes_go_in_and_out_without_a_byte_changed()
    {
        var bytes = new byte[100_000_000];
        new Random(8).NextBytes(bytes);
        using var directory = new TempDirectory();
        await File.WriteAllBytesAsync(directory["in"], bytes);
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);

        var sum = await Command.ShellAsync($"{Binaries.Fpty} connect --no-pty {router.UwsgiAddress} -- cat <{directory["in"]} | sha256sum", TimeSpan.FromSeconds(100));

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), sum.Split(' ')[0]);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Ctrl_C_reaches_a_program_without_a_terminal()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var terminal = await Terminal.StartAsync(
            [Binaries.Fpty, "connect", "--no-pty", router.UwsgiAddress, "--", "sh", "-c", "trap 'echo interrupted; exit 7' INT; echo up; while :; do sleep 0.05; done"]);
        await terminal.Output.ExpectAsync("up\r\n");

        await terminal.TypeAsync("\u0003");

        await terminal.Output.ExpectAsync("interrupted\r\n");
        Assert.Equal(7, await terminal.ExpectExitAsync());
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData("connect $A -- cat <&-", "")]
    [InlineData("connect $A -- sh -c 'echo out; echo err >&2' <&-", "out\nerr\n")]
    [InlineData("connect $A -- sh -c 'echo out; echo err >&2' 2>&-", "out\n")]
    [InlineData("connect $A -- sh -c 'echo out; echo err >&2' >&- 2>$D/err; cat $D/err", "err\n")]
    [InlineData("connect $A -- true <&- >&- 2>&-", "")]
    [InlineData("ps $A <&- | head -c 4", "NAME")]
    public async Task A_descriptor_that_was_closed_is_not_the_routers_socket(string command, string output)
    {
        using var directory = new TempDirectory();
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);

        var result = await Command.RunAsync(
            ["/bin/sh", "-c", $"exec 2>&1; {Binaries.Fpty} {command}"], environment: new Dictionary<string, string> { ["A"] = router.UwsgiAddress, ["D"] = directory.Root });

        Assert.Equal((0, output), (result.Status, result.Output));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_command_is_as_long_as_a_packet_holds_and_a_longer_one_is_a_sentence()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);

        var fits = await Command.RunAsync([Binaries.Fpty, "connect", router.UwsgiAddress, "--", "sh", "-c", "echo ${#0}", new string('<', 60_000)]);
        var tooLong = await Command.RunAsync([Binaries.Fpty, "connect", router.UwsgiAddress, "--", "echo", new string('x', 70_000)]);

        Assert.Equal((0, "60000\n"), (fits.Status, fits.Output));
        Assert.Equal((255, ""), (tooLong.Status, tooLong.Output));
        Assert.Contains("too long", tooLong.Error, StringComparison.Ordinal);
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData("--keep=0", "--keep alone keeps it until its program ends")]
    [InlineData("--keep=500ms", "a session is kept for 1 s at least")]
    [InlineData("--cwd=usr", "only your own router is where you are")]
    public async Task What_cannot_be_meant_is_a_mistake(string option, string sentence)
    {
        var result = await Command.RunAsync([Binaries.Fpty, "connect", "/nowhere", option, "--", "true"]);

        Assert.Equal(2, result.Status);
        Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task The_name_of_a_program_does_not_speak_to_the_terminal()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);

        var result = await Command.RunAsync([Binaries.Fpty, "connect", router.UwsgiAddress, "--", "/no/such\e[31m"]);

        Assert.Equal(255, result.Status);
        Assert.Contains("/no/such^[[31m", result.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task What_travels_with_a_command_arrives()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);

        var result = await Command.RunAsync(
            [Binaries.Fpty, "connect", router.UwsgiAddress, "--env", "COLOUR=a b", "--env", "EMPTY=", "--cwd", "/usr", "--pty", "--", "sh", "-c", "echo \"$COLOUR,${EMPTY-unset},$TERM,$1\"; pwd", "x", "--name *"],
            environment: new Dictionary<string, string> { ["TERM"] = "vt220" });

        Assert.Equal((0, "a b,,vt220,--name *\r\n/usr\r\n"), (result.Status, result.Output));
        Assert.Equal("", result.Error);
    }
}
