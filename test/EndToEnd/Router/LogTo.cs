using Forkpty.EndToEnd.Sessions;

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

    [Fact(Timeout = Patience.Test)]
    public async Task A_file_that_may_not_grow_any_more_loses_lines_and_the_router_goes_on()
    {
        const int Limit = 64 * 512;
        using var directory = new TempDirectory();
        directory.Write("log", new string('x', Limit - 1) + "\n");
        var setup = new RouterSetup { Wrapper = ["/bin/sh", "-c", "ulimit -S -f 64; exec \"$0\" \"$@\""] }.With("logto", directory["log"]);
        await using var router = RouterProcess.Launch(RouterKind.Fpty, setup);
        await router.WaitUntilListeningAsync(router.UwsgiAddress);

        await using var peer = await SessionPeer.OpenAsync(router, Request.Open(shell: "echo go; exec cat"));

        await peer.Output.ExpectAsync("go\r\n");
        Assert.Equal(Limit, new FileInfo(directory["log"]).Length);
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData("$(stat -L -c %d:%i /proc/self/fd/2)", "", false)]
    [InlineData("$(stat -L -c %d:%i /proc/self/fd/2)", "--logto", true)]
    [InlineData("1:2", "", true)]
    public async Task Lines_have_a_time_unless_they_go_to_the_journal(string stream, string option, bool hasTime)
    {
        using var directory = new TempDirectory();
        var setup = new RouterSetup { Wrapper = ["/bin/sh", "-c", $"JOURNAL_STREAM={stream} exec \"$0\" \"$@\""] };
        await using var router = RouterProcess.Launch(RouterKind.Fpty, option.Length > 0 ? setup.With("logto", directory["log"]) : setup);
        await router.WaitUntilListeningAsync(router.UwsgiAddress);
        string Log() => option.Length > 0 ? File.ReadAllText(directory["log"]) : router.Log.Text;
        await Patience.UntilAsync(() => Log().Contains(router.RawAddress, StringComparison.Ordinal), "the address of the socket in the log");

        Assert.Equal(hasTime, !Log().StartsWith("fpty: ", StringComparison.Ordinal));
    }
}
