using System.Globalization;

namespace Forkpty.EndToEnd.ClientSessions;

/// <summary>The exit statuses of docs/protocol.md, as a shell script sees them.</summary>
public sealed class ExitStatus
{
    [Theory(Timeout = Patience.Test)]
    [InlineData("connect $A -- true", 0)]
    [InlineData("connect $A -- sh -c 'exit 42'", 42)]
    [InlineData("connect $A -- sh -c 'exit 255'", 255)]
    [InlineData("connect $A -- sh -c 'kill -9 $$'", 137)]
    [InlineData("connect $A -- sh -c 'kill -TERM $$'", 143)]
    [InlineData("connect $A --no-pty -- sh -c 'exit 9'", 9)]
    [InlineData("connect $A --no-pty -- sh -c 'kill -INT $$'", 130)]
    [InlineData("--pty-uconnect $A", 0)]
    public async Task It_is_the_programs_own(string arguments, int status)
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);

        Assert.Equal((status, ""), await RunAsync(router, $"$F {arguments} </dev/null >/dev/null"));
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData("connect $A -- /no/such/program", "cannot run /no/such/program")]
    [InlineData("connect $A --cwd /no/such/directory -- true", "/no/such/directory")]
    [InlineData("connect /nowhere/at/all -- true", "/nowhere/at/all")]
    [InlineData("connect $R -- true", "does not know sessions")]
    [InlineData("attach nobody $A", "there is no session nobody")]
    [InlineData("attach wrok $A", "there is no session wrok; there is work; the nearest is work")]
    [InlineData("connect $A --name work -- true", "there is a session work already")]
    public async Task Who_cannot_attach_gets_255_and_a_sentence(string arguments, string sentence)
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await ExpectAsync(router, "$F connect $A --name work --keep -- sh -c 'echo up; sleep 987' </dev/null >$D/out & until grep -qs up $D/out; do :; done; kill $!; wait");

        var (status, error) = await RunAsync(router, $"$F {arguments} </dev/null >/dev/null");

        Assert.Equal(255, status);
        Assert.Contains(sentence, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData("$F kill work $A", 254, "was ended by fpty kill")]
    [InlineData("$F kill work $A --signal TERM", 143, "")]
    [InlineData("$F detach work $A", 0, "")]
    [InlineData("kill -TERM $client", 143, "")]
    [InlineData("$F attach --take work $A </dev/null >/dev/null & taker=$!", 254, "another client has taken the session work")]
    [InlineData("kill -TERM $router", 254, "was stopped")]
    public async Task Who_is_disconnected_gets_what_the_reason_is(string how, int status, string sentence)
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);

        var result = await RunAsync(
            router,
            $"""
            mkfifo $D/in; sleep 987 >$D/in & holder=$!
            $F connect $A --name work --keep -- sh -c 'echo up; exec sleep 987' <$D/in >$D/out & client=$!
            until grep -qs up $D/out; do :; done
            {how}
            wait $client; status=$?
            kill $holder $taker 2>/dev/null
            exit $status
            """);

        Assert.Equal(status, result.Status);
        Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Who_loses_the_router_and_does_not_get_it_back_gets_254()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);

        var (status, error) = await RunAsync(
            router,
            """
            mkfifo $D/in; sleep 987 >$D/in & holder=$!
            $F connect $A --name work --keep --reconnect 1 -- sh -c 'echo up; exec sleep 987' <$D/in >$D/out & client=$!
            until grep -qs up $D/out; do :; done
            kill -KILL $router
            wait $client; status=$?
            kill $holder
            exit $status
            """);

        Assert.Equal(254, status);
        Assert.Contains("nobody answers there any more", error, StringComparison.Ordinal);
    }

    private static async Task ExpectAsync(RouterProcess router, string script) => Assert.Equal((0, ""), await RunAsync(router, script));

    private static async Task<(int Status, string Error)> RunAsync(RouterProcess router, string script)
    {
        using var directory = new TempDirectory();
        var result = await Command.RunAsync(["/bin/bash", "-c", script], environment: new Dictionary<string, string>
        {
            ["F"] = Binaries.Fpty,
            ["A"] = router.UwsgiAddress,
            ["R"] = router.RawAddress,
            ["D"] = directory.Root,
            ["router"] = router.ProcessId.ToString(CultureInfo.InvariantCulture),
        });
        return (result.Status, result.Error);
    }
}
