using System.Text.RegularExpressions;

namespace Forkpty.EndToEnd;

public sealed partial class FirstProcess
{
    private static readonly string[] InAPidNamespace = ["/usr/bin/unshare", "--pid", "--fork", "--mount-proc"];

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task As_process_1_every_status_is_right_and_orphans_are_reaped()
    {
        const int Sessions = 50;
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup { Wrapper = InAPidNamespace });
        process.ServedBy(ProcessFacts.Children(process.ProcessId).Single());

        await Task.WhenAll(Enumerable.Range(1, Sessions).Select(async n =>
        {
            await using var talk = await Conversation.JoinAsync(process, ClientKind.Socket, Wire.Raw);
            await talk.TypeLineAsync($"(setsid sleep 0.1 &); exit {100 + n}");
            await talk.Client.ExpectOverAsync();
        }));

        for (var n = 1; n <= Sessions; n++)
            await Patience.UntilAsync(() => Statuses(process.Log.Text).Contains(100 + n), $"status {100 + n} in the log:\n{process.Log.Text}");
        await Patience.UntilAsync(() => ProcessFacts.Children(process.ServingProcessId).Count == 0, "a process 1 without children");
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task As_process_1_it_ends_on_a_signal(string signal)
    {
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup { Wrapper = InAPidNamespace });
        var router = ProcessFacts.Children(process.ProcessId).Single();
        await using var talk = await Conversation.JoinAsync(process, ClientKind.Socket, Wire.Raw);
        Assert.Equal("1", await talk.AskAsync("echo $PPID"));

        await Command.SignalAsync(router, signal);

        Assert.Equal(0, await process.ExpectExitAsync());
        await talk.Client.ExpectOverAsync();
    }

    private static HashSet<int> Statuses(string log) => [.. ExitStatus().Matches(log).Select(m => int.Parse(m.Groups[2].Value, null))];

    [GeneratedRegex(@"(exit|status)\D*\b(\d+)\b")]
    private static partial Regex ExitStatus();
}
