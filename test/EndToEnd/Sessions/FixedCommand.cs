using System.Text.Json.Nodes;

namespace Forkpty.EndToEnd.Sessions;

/// <summary>A router whose command is fixed is a promise to its owner: a client gets that program, in that place, and nothing else.</summary>
public sealed class FixedCommand
{
    private static readonly RouterSetup Setup = new() { Command = "echo the routers own $LANG $COLORTERM; cat" };

    [Theory(Timeout = Patience.Test)]
    [InlineData("""{"command":["/bin/sh"]}""")]
    [InlineData("""{"command":[]}""")]
    [InlineData("""{"directory":"/tmp"}""")]
    [InlineData("""{"environment":{"LD_PRELOAD":"/tmp/x.so"}}""")]
    [InlineData("""{"environment":{"ENV":"/tmp/x"}}""")]
    [InlineData("""{"environment":{"PATH":"/tmp"}}""")]
    [InlineData("""{"environment":{"LANGUAGE":"../../tmp/x"}}""")]
    [InlineData("""{"environment":{"LC_MESSAGES":"/tmp/x"}}""")]
    [InlineData("""{"environment":{"LANG":"C","LC_ALL":"./x"}}""")]
    [InlineData("""{"environment":{"LANG":"C","LANGX":"x"}}""")]
    [InlineData("""{"environment":{"LC_ALL=x\nPATH":"x"}}""")]
    [InlineData("""{"session":"work","mode":"attach-or-new","command":["/bin/sh"]}""")]
    public async Task Another_command_directory_or_variable_is_refused(string open)
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty, Setup);
        await using var peer = await SessionPeer.ConnectAsync(router);

        await peer.SendAsync(PacketType.Open, JsonNode.Parse(open)!);

        var error = await peer.ExpectAsync(PacketType.Error);
        Assert.Contains(error.Text("code"), new[] { "not-allowed", "malformed", "cannot-start" });
        await peer.ExpectEndAsync();
        Assert.Empty(ProcessFacts.Children(router.ProcessId));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Name_language_and_colours_are_the_clients()
    {
        var open = Request.Open("work");
        open["environment"] = new JsonObject { ["LANG"] = "xx_YY.UTF-8", ["COLORTERM"] = "truecolor" };
        open["term"] = "xterm-256color";
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty, Setup);
        await using var peer = await SessionPeer.OpenAsync(router, open);

        await peer.Output.ExpectAsync("the routers own xx_YY.UTF-8 truecolor\r\n");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task With_allow_command_it_is_only_the_default()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty, Setup.With("forkptyrouter-allow-command"));
        await using var one = await SessionPeer.OpenAsync(router, Request.Open());
        await using var other = await SessionPeer.OpenAsync(router, Request.Open(shell: "echo another; cat"));

        await one.Output.ExpectAsync("the routers own");
        await other.Output.ExpectAsync("another\r\n");
    }
}
