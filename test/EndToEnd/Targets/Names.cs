using Forkpty.EndToEnd.Attach;
using Forkpty.EndToEnd.Sessions;

namespace Forkpty.EndToEnd.Targets;

public sealed class Names
{
    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_container_is_entered_by_its_name_with_its_kind_and_without()
    {
        await using var container = await RunningTarget.StartAsync(TargetKind.Runc);

        foreach (string name in (string[])[container.FullName, container.Name])
        {
            await using var terminal = await Terminal.StartAsync([Binaries.Fpty, "attach", name, "--", "/bin/sh", "-c", "tty; exit 6"]);
            Assert.Equal(6, await terminal.ExpectExitAsync());
            Assert.Contains("/dev/pts/0", terminal.Output.Text, StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_name_that_nothing_has_says_so()
    {
        using var directory = new TempDirectory();
        var result = await Command.RunAsync([Binaries.Fpty, "attach", "nothing-of-this-name"], environment: new Dictionary<string, string> { ["XDG_RUNTIME_DIR"] = directory.Root });

        Assert.Equal(255, result.Status);
        Assert.Contains("nothing-of-this-name: nothing that runs has this name", result.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_name_that_a_session_and_a_container_have_is_refused_and_each_has_a_way()
    {
        // One's own router, in a /run of which nothing but the containers is the machine's.
        const string Script = """
            mkdir -p /run/runc; mount --bind /run/runc /mnt; mount -t tmpfs tmpfs /run; mkdir /run/runc; mount --move /mnt /run/runc
            "$F" serve 2>/dev/null & router=$!
            until "$F" ps /run/fpty/router.socket >/dev/null 2>&1; do sleep 0.1; done
            "$F" connect --name "$NAME" --detached -- sh -c 'read line; echo "session $line"' >/dev/null || exit
            "$F" attach "$NAME" -- /bin/echo entered; echo status-$?
            "$F" attach "runc:$NAME" -- /bin/sh -c 'echo container $(id -u)'
            mkfifo /run/keys; exec 3<>/run/keys; echo typed >&3
            "$F" attach "$NAME" /run/fpty/router.socket <&3
            kill $router; wait $router
            """;
        await using var container = await RunningTarget.StartAsync(TargetKind.Runc);

        var result = await Command.RunAsync(
            ["/usr/bin/unshare", "--mount", "/bin/bash", "-c", Script], environment: new Dictionary<string, string> { ["F"] = Binaries.Fpty, ["NAME"] = container.Name });

        Assert.Contains(
            $"fpty: attach {container.Name}: more than one has this name; give one of {container.Name} /run/fpty/router.socket (a session), {container.FullName}\n", result.Error, StringComparison.Ordinal);
        Assert.StartsWith("status-255\ncontainer 1000\n", result.Output, StringComparison.Ordinal);
        Assert.EndsWith("session typed", result.Output.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task An_option_of_targets_alone_asks_for_no_session()
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root can have another /run");
        const string Script = """
            mount -t tmpfs tmpfs /run
            "$F" serve 2>/dev/null & router=$!
            until "$F" ps /run/fpty/router.socket >/dev/null 2>&1; do sleep 0.1; done
            "$F" attach 4194304 --user www-data -- top; echo status-$?
            kill $router; wait $router
            """; // the kernel gives no number so large

        var result = await Command.RunAsync(["/usr/bin/unshare", "--mount", "/bin/bash", "-c", Script], environment: new Dictionary<string, string> { ["F"] = Binaries.Fpty });

        Assert.Equal("status-255\n", result.Output);
        Assert.StartsWith("fpty: attach 4194304: there is no process 4194304", result.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_container_that_does_not_run_is_told_with_how_to_start_it()
    {
        await using var container = await RunningTarget.StartAsync(TargetKind.Runc);
        await Command.ShellAsync($"runc kill {container.Name} KILL");
        string sentence = $"{container.FullName} is there, but does not run; start it anew with runc delete {container.Name} and then, in the directory of its bundle, runc run {container.Name}\n";
        foreach (string verb in (string[])["doctor", "attach"])
        {
            await Patience.UntilAsync(
                () => Command.RunAsync([Binaries.Fpty, verb, container.Name, .. verb == "attach" ? ["--", "/bin/true"] : Array.Empty<string>()]).Result.Error.EndsWith(sentence, StringComparison.Ordinal), sentence);
        }
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData("attach shop id", "; a command comes after --, as in fpty attach shop -- id\n")]
    [InlineData("attach pid:1 id", "; a command comes after --, as in fpty attach pid:1 -- id\n")]
    [InlineData("connect id", "; a command comes after --, as in fpty connect -- id\n")]
    [InlineData("attach shop ./id", "(connect: ENOENT (No such file or directory))\n")]
    public async Task A_word_that_is_no_address_was_probably_meant_as_a_command(string words, string ending)
    {
        var result = await Command.RunAsync([Binaries.Fpty, .. words.Split(' ')]);

        Assert.Equal(255, result.Status);
        Assert.EndsWith(ending, result.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_router_is_asked_for_a_target_with_its_kind()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup());

        var result = await Command.RunAsync([Binaries.Fpty, "attach", "web", router.UwsgiAddress]);

        Assert.Equal(255, result.Status);
        Assert.EndsWith("there is no session web, nor any other; a target is named with its kind there, as podman:web\n", result.Error, StringComparison.Ordinal);
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData("its program ends with this client", "--keep")]
    [InlineData("its program ends with this client", "--name", "build")]
    [InlineData("its program ends with this client", "--on-disconnect", "kill")]
    [InlineData("a new session, which is this client's", "--read-only")]
    [InlineData("a new session, which is this client's", "--take")]
    public async Task An_option_that_would_have_no_effect_is_refused(string why, params string[] options)
    {
        var result = await Command.RunAsync([Binaries.Fpty, "attach", $"pid:{Environment.ProcessId}", .. options, "--", "/bin/echo", "entered"]);

        Assert.NotEqual(0, result.Status);
        Assert.Contains(why, result.Error, StringComparison.Ordinal);
        Assert.StartsWith($"fpty: {string.Join(' ', options)}: ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("entered", result.Output, StringComparison.Ordinal);
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData("--user", "root")]
    [InlineData("--privileged")]
    [InlineData("--namespaces", "net")]
    [InlineData("--toolbox")]
    [InlineData("--clear-env")]
    [InlineData("--login")]
    [InlineData("--follow")]
    [InlineData("--user", "root", "--create")]
    [InlineData("--cwd", "/tmp")]
    [InlineData("--env", "A=b")]
    public async Task What_is_for_a_target_is_refused_for_a_session(params string[] options)
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup());
        await using var session = await SessionPeer.OpenAsync(router, Request.Open("build", command: ["/bin/cat"], onDisconnect: "keep"));

        var result = await Command.RunAsync([Binaries.Fpty, "attach", "build", router.UwsgiAddress, .. options]);

        Assert.NotEqual(0, result.Status);
        Assert.Contains(options[0], result.Error, StringComparison.Ordinal);
        Assert.Contains(options[0] is "--cwd" or "--env" ? "are for a new session" : "that is for a target, as in podman:web; this is a session of a router.", result.Error, StringComparison.Ordinal);
    }
}
