namespace Forkpty.EndToEnd.ClientSessions;

/// <summary>No address anywhere: on one machine a person types none.</summary>
public sealed class DefaultRouter
{
    private static readonly string[] Somebody = ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];

    // A /run of its own, so that the machine's is not touched.
    private static readonly string[] OwnRun = ["/usr/bin/unshare", "--mount", "/bin/sh", "-ec", "mount -t tmpfs tmpfs /run; exec \"$@\"", "sh"];

    private const string Use =
        """
        "$F" serve & router=$!
        until "$F" ps "$S" >/dev/null 2>&1; do sleep 0.1; done
        "$F" connect --name work --keep -- sh -c 'echo up; exit 3' </dev/null; echo status-$?
        "$F" ps
        stat -c '%a %A' "$(dirname "$S")" "$S"
        kill $router; wait $router
        """;

    [Fact(Timeout = Patience.Test, Skip = "only root can have another /run", SkipUnless = nameof(IsRoot))]
    public async Task Of_root_it_is_in_run()
    {
        var result = await RunAsync([.. OwnRun, "/bin/bash", "-c", Use], ("S", "/run/fpty/router.socket"));

        Assert.Contains("up\r\nstatus-3\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("NAME", result.Output, StringComparison.Ordinal);
        Assert.Contains("755 drwxr-xr-x\n600 srw-------\n", result.Output, StringComparison.Ordinal);
    }

    [Theory(Timeout = Patience.Test, Skip = "only root can have another /run", SkipUnless = nameof(IsRoot))]
    [InlineData("", "$F connect -- sh -c \"$show\"", "/usr,de_AT.UTF-8,C,truecolor,")]
    [InlineData("", "$F connect --cwd lib --env LANG=C -- sh -c \"$show\"", "/usr/lib,C,C,truecolor,")]
    [InlineData("", "$F attach --create work -- sh -c \"$show\"", "/usr,de_AT.UTF-8,C,truecolor,")]
    [InlineData("", "$F attach $($F connect --detached --name work -- sh -c \"read line; $show\")", "/usr,de_AT.UTF-8,C,truecolor,")]
    [InlineData("", "unshare --mount sh -c 'mount -t tmpfs tmpfs /mnt; mkdir /mnt/here; cd /mnt/here; printf \"%s\\n\" \"$show\" | exec $F connect'", "/tmp,de_AT.UTF-8,C,truecolor,")] // a directory of the client alone
    [InlineData("", "unshare --mount sh -c 'mount -t tmpfs tmpfs /mnt; mkdir /mnt/here; cd /mnt/here; exec $F connect -- sh -c \"$show\" 2>&1'", "fpty: cannot start sh: chdir on /mnt/here: ENOENT (No such file or directory)")] // where a command would do something else
    [InlineData("--forkptyrouter-command \"$show\"", "$F connect", "/tmp,de_AT.UTF-8,C,truecolor,")] // a router that lets nobody choose
    public async Task A_session_of_ones_own_router_begins_where_one_is(string options, string use, string expected)
    {
        const string Script =
            """
            export show='echo "$(pwd),$LANG,$LC_TIME,$COLORTERM,$SECRET"'
            cd /tmp; eval "exec $F serve $OPTIONS" 2>/dev/null & router=$!
            until $F ps /run/fpty/router.socket >/dev/null 2>&1; do sleep 0.05; done
            cd /usr; export LANG=de_AT.UTF-8 LC_TIME=C COLORTERM=truecolor SECRET=x
            mkfifo /run/keys; exec 3<>/run/keys; echo >&3
            eval "$USE" <&3
            kill $router; wait $router
            """;
        var result = await RunAsync([.. OwnRun, "/bin/bash", "-c", Script], ("OPTIONS", options), ("USE", use));

        Assert.Contains(result.Output.Split('\n'), line => line.TrimEnd('\r').EndsWith(expected, StringComparison.Ordinal)); // behind a prompt, it may be
    }

    [Fact(Timeout = Patience.Test, Skip = "only root can have another /run", SkipUnless = nameof(IsRoot))]
    public async Task Who_leaves_is_told_how_to_come_back_without_an_address()
    {
        const string Leave =
            """
            "$F" serve 2>/dev/null & router=$!
            until "$F" ps /run/fpty/router.socket >/dev/null 2>&1; do sleep 0.1; done
            "$F" connect --name work --keep -- sh -c 'echo up; cat'
            kill $router; wait $router
            """;
        await using var terminal = await Terminal.StartAsync([.. OwnRun, "/bin/bash", "-c", Leave], environment: new Dictionary<string, string> { ["F"] = Binaries.Fpty });
        await terminal.Output.ExpectAsync("up\r\n");

        await terminal.TypeAsync("\r~d");

        await terminal.Output.ExpectAsync("fpty: left work, which goes on; fpty attach work comes back");
        await terminal.ExpectExitAsync(); // and the router is ended
    }

    [Theory(Timeout = Patience.Test, Skip = "only root can have another /run", SkipUnless = nameof(IsRoot))]
    [InlineData("kill -STOP $router", "", "does not answer")]
    [InlineData("kill -KILL $router; wait $router", "", "nobody listens there")]
    [InlineData("kill -KILL $router; wait $router", "--json", "nobody listens there")]
    public async Task Where_it_cannot_be_asked_the_targets_are_told_all_the_same_and_the_status_is_255(string how, string options, string reason)
    {
        const string Script =
            """
            "$F" serve 2>/dev/null & router=$!
            until "$F" ps /run/fpty/router.socket >/dev/null 2>&1; do sleep 0.1; done
            eval "$HOW"
            "$F" ps $OPTIONS; echo status-$?
            kill -KILL $router
            """;
        var result = await RunAsync([.. OwnRun, "/bin/bash", "-c", Script], ("HOW", how), ("OPTIONS", options));

        Assert.Contains(reason, result.Error, StringComparison.Ordinal);
        Assert.StartsWith(options.Length > 0 ? "[" : "TARGET ", result.Output, StringComparison.Ordinal);
        Assert.EndsWith("status-255\n", result.Output, StringComparison.Ordinal);
    }

    [Theory(Timeout = Patience.Test, Skip = "only root can have another /run", SkipUnless = nameof(IsRoot))]
    [InlineData("connect", "fpty: no router runs at /run/fpty/router.socket; start one: fpty serve\n")]
    [InlineData("connect --detached", "fpty: no router runs at /run/fpty/router.socket; start one: fpty serve\n")]
    [InlineData("kill build", "fpty: no router runs at /run/fpty/router.socket; start one: fpty serve\n")]
    [InlineData("events", "fpty: no router runs at /run/fpty/router.socket; start one: fpty serve\n")]
    [InlineData("attach no-build", "fpty: attach no-build: nothing that runs has this name; fpty ps --all lists what does; nor is there a router with sessions: fpty serve starts one\n")]
    public async Task Where_there_is_none_it_is_told_how_to_start_it(string arguments, string sentence)
    {
        var result = await RunAsync([.. OwnRun, "/bin/bash", "-c", $"exec \"$F\" {arguments} </dev/null"]);

        Assert.Equal((255, "", sentence), (result.Status, result.Output, result.Error));
    }

    [Fact(Timeout = Patience.Test, Skip = "only root can have another /run", SkipUnless = nameof(IsRoot))]
    public async Task A_session_needs_no_doctor()
    {
        const string Script =
            """
            "$F" serve 2>/dev/null & router=$!
            until "$F" connect --detached --name work >/dev/null 2>&1; do sleep 0.1; done
            "$F" doctor work; echo status-$?
            kill $router; wait $router
            """;
        var result = await RunAsync([.. OwnRun, "/bin/bash", "-c", Script]);

        Assert.Equal("status-1\n", result.Output);
        Assert.Equal("fpty: work is a session, which fpty attach work needs nothing for; doctor looks at targets\n", result.Error);
    }

    [Fact(Timeout = Patience.Test, Skip = "only root can become somebody else", SkipUnless = nameof(IsRoot))]
    public async Task Of_a_user_it_is_in_the_runtime_directory()
    {
        using var directory = new TempDirectory();
        var fpty = await ForSomebodyAsync(directory);

        var result = await RunAsync([.. Somebody, "/bin/bash", "-c", Use], ("XDG_RUNTIME_DIR", directory["run"]), ("F", fpty), ("S", directory["run/fpty/router.socket"]));

        Assert.Contains("up\r\nstatus-3\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("700 drwx------\n600 srw-------\n", result.Output, StringComparison.Ordinal);
    }

    [Theory(Timeout = Patience.Test, Skip = "only root can become somebody else", SkipUnless = nameof(IsRoot))]
    [InlineData("mkdir $D/other; ln -s $D/other $D/run/fpty", "it is no directory")]
    [InlineData("mkdir $D/run/fpty", "it belongs to user 0")]
    [InlineData("mkdir -m 777 $D/run/fpty; chown 65534 $D/run/fpty", "others may write to it")]
    [InlineData("touch $D/run/fpty", "it is no directory")]
    public async Task A_directory_that_others_could_use_is_refused(string prepare, string reason)
    {
        using var directory = new TempDirectory();
        var fpty = await ForSomebodyAsync(directory);
        await Command.ShellAsync($"D={directory.Root}; umask 0; {prepare}");

        var result = await RunAsync([.. Somebody, fpty, "serve"], ("XDG_RUNTIME_DIR", directory["run"]));

        Assert.Equal(1, result.Status);
        Assert.Contains($"refused to put the router's socket into {directory["run/fpty"]}: {reason}", result.Error, StringComparison.Ordinal);
    }

    /// <summary>The executable, and a runtime directory, where a user without rights finds them.</summary>
    private static async Task<string> ForSomebodyAsync(TempDirectory directory)
    {
        await Command.ShellAsync(
            $"chmod 755 {directory.Root}; mkdir -m 700 {directory["run"]}; chown 65534:65534 {directory["run"]}; cp {Binaries.Fpty} {directory["fpty"]}; chmod 755 {directory["fpty"]}");
        return directory["fpty"];
    }

    public static bool IsRoot => Environment.UserName == "root";

    private static Task<Command.Result> RunAsync(string[] command, params (string Name, string Value)[] environment)
    {
        var variables = new Dictionary<string, string> { ["F"] = Binaries.Fpty };
        foreach (var (name, value) in environment)
            variables[name] = value;
        return Command.RunAsync(command, environment: variables);
    }
}
