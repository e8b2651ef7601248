using System.Text.Json;

namespace Forkpty.EndToEnd.ClientSessions;

/// <summary><c>fpty ps</c>, <c>detach</c>, <c>kill</c> and <c>events</c>.</summary>
public sealed class Questions
{
    [Fact(Timeout = Patience.Test)]
    public async Task Ps_is_a_table_and_a_command_cannot_speak_to_the_terminal()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var terminal = await Terminal.StartAsync(
            [Binaries.Fpty, "connect", router.UwsgiAddress, "--name", "work", "--keep=2h", "--", "sh", "-c", "echo up; exec sleep 987", "\e[31m\u202e"], rows: 31, columns: 97);
        await terminal.Output.ExpectAsync("up");

        var table = await Command.RunAsync([Binaries.Fpty, "ps", router.UwsgiAddress]);

        var lines = table.Output.Split('\n');
        Assert.Equal(["NAME", "ID", "PID", "CLIENTS", "SIZE", "UP", "IDLE", "ON-DISCONNECT", "COMMAND"], lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("work  ", lines[1], StringComparison.Ordinal);
        Assert.Contains("  1        31x97  ", lines[1], StringComparison.Ordinal);
        Assert.Contains("keep 2h0m", lines[1], StringComparison.Ordinal);
        Assert.Contains("sleep 987", lines[1], StringComparison.Ordinal);
        Assert.Contains("^[[31m\\u202e", lines[1], StringComparison.Ordinal);

        Assert.Equal("work\n", (await Command.RunAsync([Binaries.Fpty, "ps", "-q", router.UwsgiAddress])).Output);
        var json = await Command.RunAsync([Binaries.Fpty, "ps", "--json", router.UwsgiAddress]);
        using var document = JsonDocument.Parse(json.Output);
        var session = Assert.Single(document.RootElement.EnumerateArray());
        Assert.Equal("work", session.GetProperty("session").GetString());
        Assert.Equal("keep=7200", session.GetProperty("on-disconnect").GetString());
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Without_sessions_there_is_the_head_of_the_table_and_an_empty_array()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);

        Assert.Single((await Command.RunAsync([Binaries.Fpty, "ps", router.UwsgiAddress])).Output.TrimEnd('\n').Split('\n'));
        Assert.Equal("", (await Command.RunAsync([Binaries.Fpty, "ps", "-q", router.UwsgiAddress])).Output);
        Assert.Equal("[]\n", (await Command.RunAsync([Binaries.Fpty, "ps", "--json", router.UwsgiAddress])).Output);
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData("ps /nowhere", 255)]
    [InlineData("kill nobody $A", 1)]
    [InlineData("detach nobody $A", 1)]
    [InlineData("ps $R", 255)]
    [InlineData("kill --signal NOPE work $A", 2)]
    [InlineData("kill", 2)]
    [InlineData("kill 'a b' $A", 2)]
    [InlineData("kill work /nowhere", 255)]
    [InlineData("detach work /nowhere", 255)]
    [InlineData("events /nowhere", 255)]
    [InlineData("upgrade /nowhere", 255)]
    [InlineData("attach nobody $A", 255)]
    [InlineData("attach nobody /nowhere", 255)]
    [InlineData("connect /nowhere", 255)]
    [InlineData("connect $A --name 94", 2)]
    [InlineData("connect $A --name 'a b'", 2)]
    [InlineData("connect $A --detached --name 94", 2)]
    [InlineData("attach runc:nobody $A --name 94", 2)]
    [InlineData("doctor", 2)]
    [InlineData("doctor pid:0", 1)]
    [InlineData("connect $A --uid nobody -- id -un", 2)]
    [InlineData("connect $A --chroot /srv", 2)]
    [InlineData("connect $A --forkptyrouter-command X", 2)]
    [InlineData("connect $A --name 42", 2)]
    [InlineData("ps $A --logto F", 2)]
    [InlineData("ps $A -r", 2)]
    [InlineData("ps $A --json --quiet", 2)]
    [InlineData("atach s1", 2)]
    [InlineData("show-config --help", 2)]
    [InlineData("version --json", 2)]
    [InlineData("help ps x", 2)]
    public async Task What_cannot_be_is_one_sentence_and_a_status(string arguments, int status)
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        var result = await Command.RunAsync(
            ["/bin/sh", "-c", $"{Binaries.Fpty} {arguments}"],
            environment: new Dictionary<string, string> { ["A"] = router.UwsgiAddress, ["R"] = router.RawAddress });

        Assert.Equal(status, result.Status);
        Assert.Equal("", result.Output);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData("kill work other", "cannot connect to other: ", "; one session at a time: fpty kill work, then fpty kill other\n")]
    [InlineData("detach work other", "cannot connect to other: ", "; one session at a time: fpty detach work, then fpty detach other\n")]
    [InlineData("ps work", "cannot connect to work: ", "; an address has a slash or a colon in it, and may be left out: fpty ps\n")]
    [InlineData("kill wrok $A", "there is no session wrok; there is work", "; the nearest is work\n")]
    [InlineData("kill wo4k $A", "the session wo4k was ended", "was ended\n")]
    [InlineData("attach wo4k $A", "the session wo4k was ended", "was ended\n")]
    public async Task A_word_in_the_wrong_place_is_told_with_what_was_meant(string arguments, string begin, string end)
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        string prepare = $"for name in work wo4k; do {Binaries.Fpty} connect $A --detached --name $name >/dev/null; done; {Binaries.Fpty} kill wo4k $A; ";
        var result = await Command.RunAsync(
            ["/bin/sh", "-c", $"{prepare} exec {Binaries.Fpty} {arguments}"], environment: new Dictionary<string, string> { ["A"] = router.UwsgiAddress });

        Assert.StartsWith($"fpty: {begin}", result.Error, StringComparison.Ordinal);
        Assert.EndsWith(end, result.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Events_are_lines_of_JSON_as_they_happen()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);

        var lines = await Command.ShellAsync(
            $$"""
            { {{Binaries.Fpty}} events {{router.UwsgiAddress}} || echo status-$? >&2; } | {
                read ready; echo "$ready"
                {{Binaries.Fpty}} connect {{router.UwsgiAddress}} --name work -- sh -c 'exit 4' </dev/null >/dev/null
                for i in 1 2 3 4; do read line; echo "$line"; case $line in *exited*) break;; esac; done
                kill -TERM {{router.ProcessId}}
            } 2>&1
            """);

        var events = lines.Split('\n').Where(line => line.StartsWith('{')).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal("ready", events[0].GetProperty("event").GetString());
        Assert.Equal("started", events[1].GetProperty("event").GetString());
        Assert.Equal("exited", events[^1].GetProperty("event").GetString());
        Assert.Equal(4, events[^1].GetProperty("code").GetInt32());
        Assert.All(events[1..], happened => Assert.Equal("work", happened.GetProperty("session").GetProperty("session").GetString()));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Events_end_quietly_when_nobody_reads_them_or_Ctrl_C_comes()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);

        var read = await Command.ShellAsync(
            $"{{ {Binaries.Fpty} events {router.UwsgiAddress}; echo status-$? >&2; }} 2>&1 >/dev/full | cat & "
            + $"{{ {Binaries.Fpty} events {router.UwsgiAddress} 2>&1; echo status-$? >&3; }} 3>&1 | {{ read ready; echo \"$ready\"; exec 0</dev/null; "
            + $"for i in 1 2 3; do {Binaries.Fpty} connect {router.UwsgiAddress} -- true </dev/null >/dev/null; done; }}; wait");

        Assert.Contains("ready", read, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", read, StringComparison.Ordinal);

        await using var terminal = await Terminal.StartAsync([Binaries.Fpty, "events", router.UwsgiAddress]);
        await terminal.Output.ExpectAsync("ready");
        await terminal.TypeAsync("\x03");
        Assert.Equal(130, await terminal.ExpectExitAsync());
    }
}
