using System.Text.Json.Nodes;

namespace Forkpty.EndToEnd.Sessions;

public sealed class ExitStatus
{
    [Theory(Timeout = Patience.Test)]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(255)]
    public async Task The_code_of_the_program_is_told(int code)
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.OpenAsync(router, Request.Open(shell: $"exit {code}"));

        var exit = await peer.ExpectExitAsync();

        Assert.Equal(code, exit.Number("code"));
        Assert.False(exit.Has("signal"));
        Assert.False(exit.Has("reason"));
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData(9)]
    [InlineData(15)]
    [InlineData(1)]
    public async Task The_signal_that_ended_it_is_told(int signal)
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.OpenAsync(router, Request.Open(shell: $"kill -{signal} $$"));

        var exit = await peer.ExpectExitAsync();

        Assert.Equal(signal, exit.Number("signal"));
        Assert.False(exit.Has("code"));
        Assert.False(exit.Has("core"));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task All_output_comes_before_it()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.OpenAsync(router, Request.Open(shell: "seq 1 50000; exit 3"));

        var exit = await peer.ExpectExitAsync();

        Assert.Equal(3, exit.Number("code"));
        Assert.Equal(string.Concat(Enumerable.Range(1, 50_000).Select(i => $"{i}\r\n")), peer.Output.Text);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_signal_of_the_client_reaches_the_foreground_group()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.OpenAsync(router, Request.Open(command: ["/bin/bash", "--norc", "-i"]));
        await peer.TypeAsync("sleep 987\r");
        await Patience.UntilAsync(() => ProcessFacts.Descendants(peer.Pid).Any(p => ProcessFacts.Status(p, "Name") == "sleep"), "the sleep in the session");

        await peer.SendAsync(PacketType.Signal, new byte[] { 15 });

        await peer.TypeAsync("echo status-$?\r");
        await peer.Output.ExpectAsync("status-143\r\n");
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData("/no/such/program")]
    [InlineData("no-such-program-anywhere")]
    [InlineData("/etc/passwd")]
    [InlineData("/etc")]
    [InlineData("")]
    public async Task A_program_that_cannot_start_is_an_error_that_names_it(string program)
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.ConnectAsync(router);

        await peer.SendAsync(PacketType.Open, Request.Open(command: [program, "argument"]));

        var error = await peer.ExpectLastErrorAsync("cannot-start");
        Assert.Contains(program, error.Text("text"), StringComparison.Ordinal);
        Assert.DoesNotContain(peer.Packets, packet => packet.Type is PacketType.Opened or PacketType.Exit);
        await Patience.UntilAsync(() => router.Facts() is { Masters: 0, Zombies: 0 }, "no terminal and no zombie");
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData("/no/such/directory")]
    [InlineData("/etc/passwd")]
    public async Task So_is_a_directory_that_is_none(string directory)
    {
        var open = Request.Open(command: ["/bin/pwd"]);
        open["directory"] = directory;
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.ConnectAsync(router);

        await peer.SendAsync(PacketType.Open, open);

        var error = await peer.ExpectLastErrorAsync("cannot-start");
        Assert.Contains(directory, error.Text("text"), StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_command_of_no_words_or_with_a_NUL_is_an_error()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        foreach (JsonArray command in new[] { new JsonArray(), new JsonArray("/bin/echo\0x"), new JsonArray("/bin/echo", "a\0b") })
        {
            await using var peer = await SessionPeer.ConnectAsync(router);

            await peer.SendAsync(PacketType.Open, new JsonObject { ["command"] = command });

            await peer.ExpectAsync(PacketType.Error);
            await peer.ExpectEndAsync();
        }
    }

    [Fact(Timeout = Patience.Test)]
    public async Task The_name_is_free_again_after_a_start_that_failed()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var first = await SessionPeer.ConnectAsync(router);
        await first.SendAsync(PacketType.Open, Request.Open("work", command: ["/no/such/program"], onDisconnect: "keep"));
        await first.ExpectLastErrorAsync("cannot-start");

        await using var second = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "echo here; cat"));

        await second.Output.ExpectAsync("here");
    }
}
