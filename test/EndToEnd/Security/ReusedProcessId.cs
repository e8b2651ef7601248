namespace Forkpty.EndToEnd;

public sealed class ReusedProcessId
{
    [Fact(Timeout = Patience.Test)]
    public async Task A_signal_for_an_ended_leader_does_not_hit_who_has_its_number_now()
    {
        var setup = new RouterSetup { Wrapper = ["/usr/bin/unshare", "--pid", "--fork", "--mount-proc"] }.With("forkptyrouter-wait-slaves");
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty, setup);
        await using var gone = await Conversation.JoinAsync(process, ClientKind.Socket, Wire.Uwsgi);
        await using var witness = await Conversation.JoinAsync(process, ClientKind.Socket, Wire.Raw);
        await witness.ReadyAsync();

        // A session of its own: a process in the leader's session keeps the leader's number from being used again.
        await gone.AskAsync("{ setsid sleep 60 & }");
        var number = int.Parse(await gone.AskAsync("echo $$"), null);
        await gone.TypeLineAsync("exit");
        await witness.TypeLineAsync($"while ps -eo pid=,pgid=,sid= | grep -qw {number}; do :; done; echo reaped-$((1+1))");
        await witness.Output.ExpectAsync("reaped-2");

        await witness.TypeLineAsync($"echo {number - 1} > /proc/sys/kernel/ns_last_pid; sleep 50 & echo pid-$!.");
        var heir = (await witness.Output.ExpectAsync(new System.Text.RegularExpressions.Regex(@"pid-(\d+)\."))).Groups[1].Value;
        Assert.True($"{number}" == heir, $"the kernel gave {heir} instead of {number} again:\n{Excerpt.Of(witness.Output.Text)}");
        foreach (var signal in new[] { 9, 15, 2, 9 })
            await gone.Socket.SignalAsync(signal);
        await gone.Socket.SendPacketAsync(200, 0);
        await witness.ReadyAsync();

        Assert.Equal("alive", await witness.AskAsync($"kill -0 {number} && echo alive"));
    }
}
