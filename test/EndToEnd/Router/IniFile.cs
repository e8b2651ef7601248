namespace Forkpty.EndToEnd;

public sealed class IniFile
{
    [Theory(Timeout = Patience.Test)]
    [InlineData(RouterKind.Fpty, "uwsgi")]
    [InlineData(RouterKind.Fpty, "fpty")]
    [InlineData(RouterKind.Uwsgi, "uwsgi")]
    public async Task The_same_file_starts_the_same_router(RouterKind router, string section)
    {
        using var directory = new TempDirectory();
        var ini = directory.Write("config.ini", $"""
            ; a comment
            # another
            [{section}]
            master = true
            set = where={directory.Root}
            forkpty-router = %(where)/r
            forkpty-urouter = %(where)/u
            forkptyrouter-rows = 37
            forkptyrouter-cols = 101
            """);
        var setup = new RouterSetup { OwnSockets = false, Arguments = [ini] };
        await using var process = await RouterProcess.StartAsync(router, setup, directory);
        await process.WaitUntilListeningAsync(process.UwsgiAddress);
        await using var talk = await Conversation.JoinAsync(process, ClientKind.Socket, Wire.Uwsgi);

        Assert.Equal("37 101", await talk.AskAsync("stty size"));
    }
}
