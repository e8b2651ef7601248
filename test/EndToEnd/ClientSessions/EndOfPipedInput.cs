namespace Forkpty.EndToEnd.ClientSessions;

/// <summary>A session that one comes to is not ended by what one's own input does.</summary>
public sealed class EndOfPipedInput
{
    [Theory(Timeout = Patience.Test)]
    [InlineData("attach work $A")]
    [InlineData("attach --take work $A")]
    [InlineData("attach --create work $A")]
    [InlineData("attach --create work $A -- ls")]
    public async Task Who_comes_with_nothing_to_type_leaves_again_and_the_shell_goes_on(string arguments)
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await StartAsync(router, "exec sh");

        var result = await RunAsync(router, $"$F {arguments} </dev/null >/dev/null");

        Assert.Equal((0, ""), (result.Status, result.Error));
        await using var terminal = await Terminal.StartAsync([Binaries.Fpty, "attach", "work", router.UwsgiAddress]);
        await terminal.TypeAsync("echo on-$((1+1)); exit 5\r");
        await terminal.Output.ExpectAsync("on-2");
        Assert.Equal(5, await terminal.ExpectExitAsync());
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_session_that_was_made_for_nothing_to_type_goes_on_too()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);

        var result = await RunAsync(router, "$F attach --create work $A -- sh -c 'cat; exit 4' </dev/null >/dev/null; $F ps --json $A");

        Assert.Contains("\"work\"", result.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task What_was_piped_in_is_typed_before_the_client_leaves()
    {
        using var directory = new TempDirectory();
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await StartAsync(router, $"stty -echo; echo up; cat >{directory["copy"]}; echo over");
        await Command.ShellAsync($"until {Binaries.Fpty} attach work {router.UwsgiAddress} </dev/null | grep -q up; do :; done");
        string lines = string.Concat(Enumerable.Range(1, 20_000).Select(n => $"line {n}\n"));

        var result = await Command.RunAsync([Binaries.Fpty, "attach", "work", router.UwsgiAddress], lines);

        Assert.Equal((0, ""), (result.Status, result.Error));
        await Patience.UntilAsync(() => new FileInfo(directory["copy"]).Length >= lines.Length, "the whole input");
        Assert.True(lines == await File.ReadAllTextAsync(directory["copy"]), "the copy is another one");
        await using var terminal = await Terminal.StartAsync([Binaries.Fpty, "attach", "work", router.UwsgiAddress]);
        await terminal.ExpectRawAsync();
        await terminal.TypeAsync("\u0004");
        await terminal.Output.ExpectAsync("over");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task It_says_that_it_has_left()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await StartAsync(router, "exec sh");

        await using var terminal = await Terminal.StartAsync(["/bin/sh", "-c", $"echo x=1 | {Binaries.Fpty} attach work {router.UwsgiAddress}"]);

        await terminal.Output.ExpectAsync("\r\nfpty: left work, which goes on; fpty attach work ");
        Assert.Equal(0, await terminal.ExpectExitAsync());
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Who_only_looks_has_nothing_to_say_and_looks_on()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var driver = await Terminal.StartAsync([Binaries.Fpty, "connect", router.UwsgiAddress, "--name", "work", "--keep", "--", "sh", "-c", "echo up; read -r line; exit 3"]);
        await driver.Output.ExpectAsync("up");
        await using var viewer = await Terminal.StartAsync(["/bin/sh", "-c", $"{Binaries.Fpty} attach --read-only work {router.UwsgiAddress} </dev/null"]);
        await driver.Output.ExpectAsync("somebody is looking on");

        await driver.TypeAsync("\r");

        Assert.Equal(3, await viewer.ExpectExitAsync());
    }

    private static Task<string> StartAsync(RouterProcess router, string shell) =>
        Command.ShellAsync($"{Binaries.Fpty} connect {router.UwsgiAddress} --detached --name work -- sh -c '{shell}'");

    private static Task<Command.Result> RunAsync(RouterProcess router, string line) => Command.RunAsync(
        ["/bin/sh", "-c", line], environment: new Dictionary<string, string> { ["F"] = Binaries.Fpty, ["A"] = router.UwsgiAddress });
}
