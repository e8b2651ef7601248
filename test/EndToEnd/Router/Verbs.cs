namespace Forkpty.EndToEnd;

public sealed class Verbs
{
    [Theory(Timeout = Patience.Test)]
    [InlineData(Wire.Raw)]
    [InlineData(Wire.Uwsgi)]
    public async Task Serve_and_connect_are_the_words_of_fpty(Wire wire)
    {
        using var directory = new TempDirectory();
        var setup = new RouterSetup
        {
            OwnSockets = false,
            Arguments = ["serve", "--forkpty-router", directory["r"], "--forkpty-urouter", directory["u"]],
        };
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty, setup, directory);
        await process.WaitUntilListeningAsync(directory["u"]);
        string[] command = wire == Wire.Raw
            ? [Binaries.Fpty, "connect", directory["r"], "--raw"]
            : [Binaries.Fpty, "connect", directory["u"]];
        await using var terminal = await Terminal.StartAsync(command);
        await terminal.ExpectRawAsync();

        await terminal.TypeAsync("echo here-$((1+1)); exit\r");

        await terminal.Output.ExpectAsync("here-2");
        Assert.Equal(0, await terminal.ExpectExitAsync());
    }
}
