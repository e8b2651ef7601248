using System.Diagnostics;
using Forkpty.EndToEnd.Attach;

namespace Forkpty.EndToEnd.Targets;

/// <summary><c>fpty attach --follow</c>.</summary>
public sealed class Following
{
    private const int SigInt = 2;
    private const int SigTerm = 15;

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task It_enters_a_container_again_that_was_started_anew_and_ends_with_its_program()
    {
        string name = RunningTarget.NextName();
        var first = await RunningTarget.StartAsync(TargetKind.Runc, name: name);
        await using var terminal = await Terminal.StartAsync([Binaries.Fpty, "attach", "--follow", $"runc:{name}"]);
        await terminal.TypeAsync("echo one-$((1+1))\r");
        await terminal.Output.ExpectAsync("one-2");

        await first.DisposeAsync();
        await terminal.Output.ExpectAsync($"runc:{name} has ended; waiting until it runs");
        await using var second = await RunningTarget.StartAsync(TargetKind.Runc, name: name);

        await terminal.Output.ExpectAsync("$ ");
        await terminal.TypeAsync("echo two-$((1+1)); exit 4\r");
        await terminal.Output.ExpectAsync("two-2");
        Assert.Equal(4, await terminal.ExpectExitAsync());
    }

    [Theory(Timeout = Patience.HeavyTest)]
    [InlineData(SigInt)]
    [InlineData(SigTerm)]
    public async Task A_signal_ends_it_before_the_container_runs(int signal)
    {
        string name = RunningTarget.NextName();
        await using var terminal = await Terminal.StartAsync([Binaries.Fpty, "attach", "--follow", $"runc:{name}"]);
        await terminal.Output.ExpectAsync($"runc:{name} does not run yet; waiting until it runs");

        await terminal.SignalAsync(signal);

        await ExpectEndAsync(terminal, signal);
    }

    [Theory(Timeout = Patience.HeavyTest)]
    [InlineData(SigInt)]
    [InlineData(SigTerm)]
    public async Task A_signal_ends_it_between_two_containers(int signal)
    {
        var container = await RunningTarget.StartAsync(TargetKind.Runc);
        await using var terminal = await FollowAsync(container);
        await container.DisposeAsync();
        await terminal.Output.ExpectAsync("has ended; waiting until it runs");

        await terminal.SignalAsync(signal);

        await ExpectEndAsync(terminal, signal);
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task Control_c_ends_it_between_two_containers()
    {
        var container = await RunningTarget.StartAsync(TargetKind.Runc);
        await using var terminal = await FollowAsync(container);
        await container.DisposeAsync();
        await terminal.Output.ExpectAsync("has ended; waiting until it runs");

        await terminal.TypeAsync("\x03");

        await ExpectEndAsync(terminal, SigInt);
    }

    [Theory(Timeout = Patience.HeavyTest)]
    [InlineData(SigInt)]
    [InlineData(SigTerm)]
    public async Task A_signal_ends_it_also_where_its_target_has_ended_and_the_program_has_not(int signal)
    {
        using var target = Process.Start("/bin/sleep", "1000")!;
        await using var terminal = await Terminal.StartAsync([Binaries.Fpty, "attach", "--follow", $"pid:{target.Id}"]);
        await terminal.ExpectRawAsync();
        target.Kill();
        await target.WaitForExitAsync();

        await terminal.SignalAsync(signal);

        await ExpectEndAsync(terminal, signal);
        Assert.DoesNotContain("waiting until it runs", terminal.Output.Text, StringComparison.Ordinal);
    }

    private static async Task<Terminal> FollowAsync(RunningTarget container)
    {
        var terminal = await Terminal.StartAsync([Binaries.Fpty, "attach", "--follow", container.FullName]);
        await terminal.ExpectRawAsync();
        return terminal;
    }

    private static async Task ExpectEndAsync(Terminal terminal, int signal)
    {
        Assert.Equal(128 + signal, await terminal.ExpectExitAsync());
        Assert.Equal(terminal.FirstSettings, await terminal.SettingsAsync());
    }
}
