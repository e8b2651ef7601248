namespace Forkpty.EndToEnd;

/// <summary>Output that cannot be written is no success.</summary>
public sealed class FullDisk
{
    private const string Sentence = "fpty: cannot write to stdout: ENOSPC (No space left on device)\n";

    [Theory(Timeout = Patience.Test)]
    [InlineData("ps")]
    [InlineData("ps --json")]
    [InlineData("ps $A")]
    [InlineData("--help")]
    [InlineData("help options")]
    [InlineData("--version")]
    [InlineData("version")]
    [InlineData("doctor pid:$$")]
    [InlineData("orphans")]
    [InlineData("docs man")]
    [InlineData("--show-config")]
    [InlineData("events $A")]
    [InlineData("connect $A --detached")]
    public async Task It_is_told_and_the_status_is_1(string arguments) => Assert.Equal((1, Sentence), await RunAsync($"$F {arguments} >/dev/full"));

    [Theory(Timeout = Patience.Test)]
    [InlineData("connect $A -- seq 1 100000")]
    [InlineData("connect --pty $A -- seq 1 100000")]
    [InlineData("connect $A --name work -- seq 1 100000")]
    [InlineData("--pty-uconnect $A")]
    public async Task No_programs_status_is_255(string arguments) => Assert.Equal((255, Sentence), await RunAsync($"echo seq 1 100000 | $F {arguments} >/dev/full"));

    [Theory(Timeout = Patience.Test)]
    [InlineData("--version")]
    [InlineData("help options")]
    [InlineData("ps $A")]
    [InlineData("events $A")]
    [InlineData("connect $A --detached")]
    [InlineData("connect $A -- seq 1 100000")]
    public async Task A_reader_that_had_enough_is_told_nothing(string arguments) =>
        Assert.Equal((141, ""), await RunAsync($"mkfifo $D/pipe; exec 3<>$D/pipe; exec 4>$D/pipe 3>&-; $F {arguments} >&4"));

    private static async Task<(int Status, string Error)> RunAsync(string script)
    {
        using var directory = new TempDirectory();
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        var result = await Command.RunAsync(["/bin/bash", "-c", script], environment: new Dictionary<string, string>
        {
            ["F"] = Binaries.Fpty,
            ["A"] = router.UwsgiAddress,
            ["D"] = directory.Root,
        });
        return (result.Status, result.Error);
    }
}
