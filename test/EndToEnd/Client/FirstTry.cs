namespace Forkpty.EndToEnd;

public sealed class FirstTry
{
    [Fact(Timeout = Patience.Test)]
    public async Task Piped_lines_run_in_the_jail_and_everything_is_gone_at_exit()
    {
        var host = await Command.ShellAsync("hostname");

        var result = await Command.RunAsync([Binaries.Fpty, "try"], "hostname\necho sum-$((20+22))\n");

        Assert.Equal(0, result.Status);
        Assert.Contains("sum-42", result.Output, StringComparison.Ordinal);
        Assert.Contains(Environment.UserName == "root" ? "iaminajail" : host, result.Output, StringComparison.Ordinal);
        Assert.Equal(host, await Command.ShellAsync("hostname"));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task On_a_terminal_it_is_this_terminal()
    {
        await using var terminal = await Terminal.StartAsync([Binaries.Fpty, "try"], rows: 31, columns: 99);
        await terminal.ExpectRawAsync();

        await terminal.TypeAsync("until [ \"$(stty size)\" = '31 99' ]; do :; done; echo sized-$((1+1)); exit\r");

        await terminal.Output.ExpectAsync("sized-2");
        Assert.Equal(0, await terminal.ExpectExitAsync());
        Assert.Equal(terminal.FirstSettings, await terminal.SettingsAsync());
    }

    [Fact(Timeout = Patience.Test)]
    public async Task The_router_ends_with_it_whatever_ends_it()
    {
        await using var terminal = await Terminal.StartAsync([Binaries.Fpty, "try"]);
        var line = await terminal.Output.ExpectAsync(new System.Text.RegularExpressions.Regex(@"fpty connect (/\S+)"));
        await terminal.ExpectRawAsync();

        await Command.SignalAsync(terminal.ProcessId, "KILL");

        await Patience.UntilAsync(() => !File.Exists(line.Groups[1].Value), "the router's socket is gone");
    }
}
