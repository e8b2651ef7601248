using System.Globalization;

namespace Forkpty.EndToEnd;

public sealed class PipedInput
{
    public static TheoryData<RouterKind, Wire> Routers => new()
    {
        { RouterKind.Fpty, Wire.Raw },
        { RouterKind.Fpty, Wire.Uwsgi },
        { RouterKind.Uwsgi, Wire.Raw },
        { RouterKind.Uwsgi, Wire.Uwsgi },
    };

    // Each below the 4,096 bytes that a terminal takes for one line.
    private static readonly string Lines = string.Concat(Enumerable.Range(1, 20_000).Select(n => $"line {n}\n"));

    [Theory(Timeout = Patience.Test), MemberData(nameof(Routers))]
    public async Task Its_lines_run_and_its_end_ends_the_session_with_all_output_kept(RouterKind router, Wire wire)
    {
        await using var process = await RouterProcess.StartAsync(router);

        var result = await Command.RunAsync(Connect(process, wire), "echo got-$((1+1))\nseq 1 20000\n");

        Assert.Equal(0, result.Status);
        Assert.Contains("got-2", result.Output, StringComparison.Ordinal);
        Assert.Contains("\n20000\r\n", result.Output, StringComparison.Ordinal);
        var numbers = result.Output.Split("\r\n").Select(l => int.TryParse(l.TrimStart('#', ' '), NumberStyles.None, null, out var n) ? n : 0).Where(n => n > 0);
        Assert.Equal(Enumerable.Range(1, 20_000), numbers.TakeLast(20_000));
    }

    [Theory(Timeout = Patience.Test), MemberData(nameof(Routers))]
    public async Task A_large_file_arrives_whole(RouterKind router, Wire wire)
    {
        using var directory = new TempDirectory();
        await using var process = await RouterProcess.StartAsync(router, new RouterSetup { Command = $"stty -echo; exec cat >{directory["copy"]}" });

        var result = await Command.RunAsync(Connect(process, wire), Lines);

        Assert.Equal(0, result.Status);
        Assert.True(Lines == await File.ReadAllTextAsync(directory["copy"]), "the copy is another one");
    }

    // Not with uWSGI's router: it waits in write(2) for the program to take input, and the program for somebody to take its output. One of ten stood still.
    [Theory(Timeout = Patience.Test)]
    [InlineData(Wire.Raw)]
    [InlineData(Wire.Uwsgi)]
    public async Task A_large_file_comes_back_whole(Wire wire)
    {
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup { Command = "stty -echo -onlcr; exec cat" });

        var result = await Command.RunAsync(Connect(process, wire), Lines);

        Assert.Equal(0, result.Status);
        Assert.EndsWith(Lines[^200_000..], result.Output.Replace("\r", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private static string[] Connect(RouterProcess process, Wire wire) =>
        [Binaries.Fpty, wire == Wire.Raw ? "--pty-connect" : "--pty-uconnect", process.Address(wire)];
}
