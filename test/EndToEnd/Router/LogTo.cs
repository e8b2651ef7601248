namespace Forkpty.EndToEnd;

public sealed class LogTo
{
    [Theory(Timeout = Patience.Test)]
    [InlineData(RouterKind.Fpty)]
    [InlineData(RouterKind.Uwsgi)]
    public async Task The_log_goes_to_the_file(RouterKind router)
    {
        using var directory = new TempDirectory();
        await using var process = RouterProcess.Launch(router, new RouterSetup().With("logto", directory["log"]));
        await process.WaitUntilListeningAsync(process.UwsgiAddress);

        await Patience.UntilAsync(
            () => File.Exists(directory["log"]) && File.ReadAllText(directory["log"]).Contains(process.RawAddress, StringComparison.Ordinal),
            "the address of the socket in the log file");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Nothing_that_was_typed_or_shown_is_ever_logged()
    {
        using var directory = new TempDirectory();
        await using var talk = await Conversation.OpenAsync(
            ClientKind.Socket, RouterKind.Fpty, Wire.Uwsgi, new RouterSetup().With("logto", directory["log"]));

        Assert.Equal("secret-9216", await talk.AskAsync("echo secret-$((96*96))"));
        await talk.TypeLineAsync("exit");
        await talk.Client.ExpectOverAsync();

        Assert.DoesNotContain("secret", File.ReadAllText(directory["log"]) + talk.Router.Log.Text, StringComparison.Ordinal);
    }
}
