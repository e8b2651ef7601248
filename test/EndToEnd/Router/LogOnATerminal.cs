namespace Forkpty.EndToEnd;

public sealed class LogOnATerminal
{
    [Theory(Timeout = Patience.Test)]
    [InlineData("raw")]
    [InlineData("sane")]
    public async Task Its_lines_begin_at_the_left_whoever_has_set_it_to_what(string mode)
    {
        using var directory = new TempDirectory();
        await using var terminal = await Terminal.StartAsync(["/bin/sh", "-c", $"stty {mode}; exec \"$0\" \"$@\"", Binaries.Fpty, "--forkpty-router", directory["r"]]);

        await terminal.Output.ExpectAsync($"listening on {directory["r"]} (raw mode)\r\n");
    }
}
