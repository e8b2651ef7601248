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

    [Theory(Timeout = Patience.Test)]
    [InlineData("uid = nobody-here", "there is no user nobody-here")]
    [InlineData("chown-socket = nobody-here", "there is no user nobody-here")]
    [InlineData("chroot = /nowhere/at/all", "create the directory, or give another")]
    [InlineData("chdir = /nowhere/at/all", "create the directory, or give another")]
    [InlineData("pidfile = /nowhere/at/all", "give a file in a directory that fpty may write to")]
    [InlineData("logto = /nowhere/at/all", "give a file in a directory that fpty may write to")]
    [InlineData("exec-as-root = exit 7", "ended with status 7")]
    [InlineData("exec-in-jail = exit 7", "ended with status 7")]
    [InlineData("exec-asap = exit 7", "ended with status 7")]
    [InlineData("forkpty-urouter = /nowhere/at/all", "the directory /nowhere/at cannot be opened")]
    [InlineData("forkpty-router = 0.0.0.0:9", "insecure-tcp")]
    [InlineData("forkpty-urouter = WHERE/r", "this address is given twice")]
    public async Task What_is_wrong_only_at_the_start_is_told_with_its_place(string line, string reason)
    {
        Assert.SkipUnless(Environment.UserName == "root", "some of them are told to root only");
        using var directory = new TempDirectory();
        line = line.Replace("WHERE", directory.Root, StringComparison.Ordinal);
        var ini = directory.Write("config.ini", $"[uwsgi]\nforkpty-router = {directory["r"]}\n{line}\n");

        var result = await Command.RunAsync([Binaries.Fpty, ini]);

        Assert.NotEqual(0, result.Status);
        Assert.Contains($"fpty: {ini}:3: {line}: ", result.Output + result.Error, StringComparison.Ordinal);
        Assert.Contains(reason, result.Output + result.Error, StringComparison.Ordinal);
    }
}
