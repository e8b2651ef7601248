namespace Forkpty.EndToEnd;

public sealed class Backlog
{
    [Fact(Timeout = Patience.Test)]
    public async Task As_many_clients_may_wait_as_listen_says()
    {
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup().With("listen", "77"));

        // State, waiting now, may wait.
        Assert.Equal("LISTEN 0 77", await Command.ShellAsync($"ss -xlnH src {process.RawAddress} | awk '{{ print $2, $3, $4 }}'"));
    }
}
