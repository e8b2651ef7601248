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
