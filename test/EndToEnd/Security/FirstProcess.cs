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
        await using (var first = await Conversation.JoinAsync(process, ClientKind.Socket, Wire.Raw))
            await first.ReadyAsync();
        await Patience.UntilAsync(() => Shells(process).Count == 0, "the end of the first session");
        var before = ProcessFacts.Descendants(process.ProcessId).Count;

        await Task.WhenAll(Enumerable.Range(1, Sessions).Select(async n =>
        {
            await using var talk = await Conversation.JoinAsync(process, ClientKind.Socket, Wire.Raw);
            await talk.TypeLineAsync($"(setsid sleep 0.1 &); exit {100 + n}");
            await talk.Client.ExpectOverAsync();
        }));

        for (var n = 1; n <= Sessions; n++)
            await Patience.UntilAsync(() => Statuses(process.Log.Text).Contains(100 + n), $"status {100 + n} in the log:\n{Excerpt.Of(process.Log.Text)}");
        await Patience.UntilAsync(
            () => ProcessFacts.Descendants(process.ProcessId).Count == before, "the processes of the router and no other, zombies neither");
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task As_process_1_it_ends_on_a_signal(string signal)
    {
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup { Wrapper = InAPidNamespace });
        var first = ProcessFacts.Children(process.ProcessId).Single();
        await using var talk = await Conversation.JoinAsync(process, ClientKind.Socket, Wire.Raw);
        await talk.ReadyAsync();

        await Command.SignalAsync(first, signal);

        Assert.Equal(0, await process.ExpectExitAsync());
        await talk.Client.ExpectOverAsync();
    }

    private static List<int> Shells(RouterProcess process) =>
        [.. ProcessFacts.Descendants(process.ProcessId).Where(p => ProcessFacts.IsAlive(p) && ProcessFacts.Status(p, "Name") == "sh")];

    private static HashSet<int> Statuses(string log) => [.. ExitStatus().Matches(log).Select(m => int.Parse(m.Groups[2].Value, null))];

    [GeneratedRegex(@"(exit|status)\D*\b(\d+)\b")]
    private static partial Regex ExitStatus();
}
