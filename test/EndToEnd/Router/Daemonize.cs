namespace Forkpty.EndToEnd;

public sealed class Daemonize
{
    [Fact(Timeout = Patience.Test)]
    public async Task The_command_returns_when_the_router_serves_in_the_background()
    {
        using var directory = new TempDirectory();
        var result = await Command.RunAsync(
        [
            Binaries.Fpty, "--daemonize", directory["log"], "--pidfile", directory["pid"], "--forkpty-router", directory["r"],
        ]);
        var pid = File.Exists(directory["pid"]) ? int.Parse(File.ReadAllText(directory["pid"]), null) : 0;
        try
        {
            Assert.Equal(0, result.Status);
            await using (var client = await SocketClient.ConnectAsync(directory["r"], Wire.Raw))
            {
                await client.TypeAsync("echo $PPID-$((1+1))\r");
                await client.Output.ExpectAsync($"{pid}-2");
            }

            Assert.True(File.Exists(directory["log"]));
            Assert.NotEqual("1", await Command.ShellAsync($"ps -o tty= -p {pid} | grep -c pts || true"));
            var stdio = await Command.ShellAsync($"readlink /proc/{pid}/fd/0 /proc/{pid}/fd/1 /proc/{pid}/fd/2");
            Assert.Equal($"/dev/null\n{directory["log"]}\n{directory["log"]}", stdio);

            File.Move(directory["log"], directory["log.1"]);
            await Command.SignalAsync(pid, "HUP");
            await Patience.UntilAsync(() => File.Exists(directory["log"]), "the log, opened again");
        }
        finally
        {
            if (pid != 0)
                await Command.SignalAsync(pid, "TERM");
        }

        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(pid), "the end of the router in the background");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_start_that_fails_is_told_by_status_and_sentence()
    {
        using var directory = new TempDirectory();

        var result = await Command.RunAsync(
            [Binaries.Fpty, "--daemonize", directory["log"], "--forkpty-router", directory["missing/r"]]);

        Assert.NotEqual(0, result.Status);
        Assert.Contains(directory["missing/r"], result.Error + result.Output + ReadOrEmpty(directory["log"]), StringComparison.Ordinal);
    }

    private static string ReadOrEmpty(string path) => File.Exists(path) ? File.ReadAllText(path) : "";
}
