namespace Forkpty.EndToEnd.ClientSessions;

/// <summary>What is asked for is text on its way. Bytes that are none run nothing, rather than something else.</summary>
public sealed class NotText
{
    [Theory(Timeout = Patience.Test)]
    [InlineData("connect ADDRESS -- printf \"$(printf 'a\\377\\n')\"", "the argument a\\xff is not UTF-8")]
    [InlineData("connect ADDRESS --env \"X=$(printf '\\303(')\" -- true", "the argument X=\\xc3( is not UTF-8")]
    [InlineData("connect ADDRESS --cwd \"$(printf '/tmp/\\300\\257')\" -- pwd", "the argument /tmp/\\xc0\\xaf is not UTF-8")]
    [InlineData("attach ADDRESS -- \"$(printf '\\377')\" \"$(printf '\\357\\277\\275')\"", "the argument \\xff is not UTF-8")]
    public async Task An_argument_that_is_not_UTF_8_is_refused(string arguments, string sentence)
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);

        var result = await Command.RunAsync(["/bin/sh", "-c", $"exec {Binaries.Fpty} {arguments.Replace("ADDRESS", router.UwsgiAddress, StringComparison.Ordinal)}"]);

        Assert.Equal((2, ""), (result.Status, result.Output));
        Assert.StartsWith($"fpty: {sentence}, and would be another one where it arrives; have a shell make such bytes there: sh -c ", result.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task The_character_that_stands_for_such_bytes_is_one_like_any_other()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);

        var result = await Command.RunAsync([Binaries.Fpty, "connect", router.UwsgiAddress, "--", "printf", "a\uFFFDü"]);

        Assert.Equal((0, "a\uFFFDü", ""), (result.Status, result.Output, result.Error));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task What_the_sentence_tells_to_do_does_it()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);

        var result = await Command.RunAsync([Binaries.Fpty, "connect", router.UwsgiAddress, "--", "sh", "-c", "printf %s \"$(printf \"\\377\")\" | od -An -tx1"]);

        Assert.Equal((0, " ff\n", ""), (result.Status, result.Output, result.Error));
    }

    [Fact(Timeout = Patience.Test, Skip = "only root can have another /run", SkipUnless = nameof(IsRoot))]
    public async Task In_a_directory_whose_name_is_none_a_command_is_refused_and_a_shell_begins_elsewhere()
    {
        using var directory = new TempDirectory();
        const string Script =
            """
            mount -t tmpfs tmpfs /run
            cd /; $F serve 2>/dev/null & router=$!
            until $F ps /run/fpty/router.socket >/dev/null 2>&1; do sleep 0.05; done
            mkdir "$D/$(printf 'a\377')" && cd "$D/$(printf 'a\377')"
            $F connect -- pwd; echo status-$?
            echo 'echo "in <$PWD>"' | $F connect --pty
            kill $router; wait $router
            """;
        var environment = new Dictionary<string, string> { ["F"] = Binaries.Fpty, ["D"] = directory.Root };

        var result = await Command.RunAsync(["/usr/bin/unshare", "--mount", "/bin/bash", "-c", Script], environment: environment);

        Assert.Contains("fpty: cannot start pwd: chdir on ", result.Error, StringComparison.Ordinal);
        Assert.StartsWith("status-255\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("in </>\r\n", result.Output, StringComparison.Ordinal);
    }

    public static bool IsRoot => Environment.UserName == "root";
}
