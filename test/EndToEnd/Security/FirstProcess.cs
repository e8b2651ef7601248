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

        await Patience.PromiseAsync(TimeSpan.FromSeconds(1), "the processes of the router and no other, zombies neither", async () =>
        {
            await Task.WhenAll(Enumerable.Range(1, Sessions).Select(async n =>
            {
                await using var talk = await Conversation.JoinAsync(process, ClientKind.Socket, Wire.Raw);
                await talk.TypeLineAsync($"(setsid sleep 0.1 &); exit {100 + n}");
                await talk.Client.ExpectOverAsync();
            }));
            return await Patience.TimeAsync(() => Patience.UntilAsync(() => ProcessFacts.Descendants(process.ProcessId).Count == before, "the end of all that was started"));
        });

        for (var n = 1; n <= Sessions; n++)
            await Patience.UntilAsync(() => Statuses(process.Log.Text).Contains(100 + n), $"status {100 + n} in the log:\n{Excerpt.Of(process.Log.Text)}");
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

    [Fact(Timeout = Patience.Test)]
    public async Task As_process_1_it_passes_on_that_the_files_are_to_be_read_again()
    {
        using var directory = new TempDirectory();
        var ini = directory.Write("r.ini", Ini("/bin/sh"));
        var setup = new RouterSetup { Wrapper = InAPidNamespace, OwnSockets = false, Arguments = [ini] };
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty, setup, directory);
        await process.Log.ExpectAsync("listening on"); // the socket listens before: a signal then would end a start that is not over
        var first = ProcessFacts.Children(process.ProcessId).Single();

        directory.Write("r.ini", Ini("echo new-$((1+1)); cat"));
        await Command.SignalAsync(first, "HUP");

        await process.Log.ExpectAsync("new sessions use the configuration that was read again");
        await using var client = await SocketClient.ConnectAsync(process.RawAddress, Wire.Raw);
        await client.Output.ExpectAsync("new-2");

        string Ini(string command) => $"[uwsgi]\nforkpty-router = {directory["r"]}\nforkptyrouter-command = {command}\n";
    }

    [Fact(Timeout = Patience.Test)]
    public async Task As_process_1_it_passes_on_that_the_router_is_to_go_on_as_the_executable_in_its_place()
    {
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup { Wrapper = InAPidNamespace });
        var first = ProcessFacts.Children(process.ProcessId).Single();
        await using var talk = await Conversation.JoinAsync(process, ClientKind.Socket, Wire.Raw);
        var shell = await talk.AskAsync("echo $$");

        await Command.SignalAsync(first, "USR2");

        await process.Log.ExpectAsync("upgraded");
        Assert.Equal(shell, await talk.AskAsync("echo $$"));
    }

    /// <summary>It means nothing to the router, so it ends it, as any program; whoever waits for the container learns by what.</summary>
    [Fact(Timeout = Patience.Test)]
    public async Task As_process_1_it_passes_on_a_signal_that_ends_the_router_and_ends_as_it_does()
    {
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup { Wrapper = InAPidNamespace });
        await process.Log.ExpectAsync("listening on"); // before, it is not watched for yet
        var first = ProcessFacts.Children(process.ProcessId).Single();

        await Command.SignalAsync(first, "USR1");

        Assert.Equal(128 + 10, await process.ExpectExitAsync());
        await process.Log.ExpectAsync("the router was ended by signal 10");
    }

    private static List<int> Shells(RouterProcess process) =>
        [.. ProcessFacts.Descendants(process.ProcessId).Where(p => ProcessFacts.Status(p, "Name") == "sh")]; // a zombie has its name too

    private static HashSet<int> Statuses(string log) => [.. ExitStatus().Matches(log).Select(m => int.Parse(m.Groups[2].Value, null))];

    [GeneratedRegex(@"(exit|status)\D*\b(\d+)\b")]
    private static partial Regex ExitStatus();
}
