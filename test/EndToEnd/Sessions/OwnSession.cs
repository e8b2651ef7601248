using System.Text.Json.Nodes;

namespace Forkpty.EndToEnd.Sessions;

/// <summary>What is typed within a session about the session itself.</summary>
public sealed class OwnSession
{
    [Theory(Timeout = Patience.Test)]
    [InlineData("attach work")]
    [InlineData("attach --read-only work")]
    [InlineData("attach --create work")]
    public async Task It_cannot_be_shown_within_itself(string arguments)
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var terminal = await Terminal.StartAsync([Binaries.Fpty, "connect", router.UwsgiAddress, "--name", "work", "--keep"], columns: 200);
        await terminal.ExpectRawAsync();

        await terminal.TypeAsync($"sh -c 'exec {Binaries.Fpty} {arguments} {router.UwsgiAddress}'; echo status-$?\r");

        await terminal.Output.ExpectAsync("fpty: this terminal is the session work itself, which would show itself without end; attach to it from another terminal\r\n");
        await terminal.Output.ExpectAsync("status-255");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Within_another_one_it_can_be_shown()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var work = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "echo here-$((1+1)); cat", onDisconnect: "keep"));
        await work.Output.ExpectAsync("here-2");
        await using var other = await Terminal.StartAsync([Binaries.Fpty, "connect", router.UwsgiAddress, "--name", "other"]);
        await other.ExpectRawAsync();

        await other.TypeAsync($"{Binaries.Fpty} attach work {router.UwsgiAddress}\r");

        await other.Output.ExpectAsync("here-2");
    }

    [Fact(Timeout = Patience.Test, Skip = "only root can make a pid namespace so", SkipUnless = nameof(IsRoot))]
    public async Task Where_the_router_cannot_see_the_client_nobody_is_refused()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup { Wrapper = ["/usr/bin/unshare", "--pid", "--fork", "--kill-child"] });
        await using var work = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "echo here-$((1+1)); cat", onDisconnect: "keep"));
        await work.Output.ExpectAsync("here-2");

        await using var terminal = await Terminal.StartAsync([Binaries.Fpty, "attach", "work", router.UwsgiAddress]);

        await terminal.Output.ExpectAsync("here-2");
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData("work", true)]
    [InlineData("work", false)]
    [InlineData(null, true)]
    public async Task A_program_can_tell_its_name_and_no_client_can_say_another(string? name, bool terminal)
    {
        var open = Request.Open(name, shell: "env | grep ^FPTY_", terminal: terminal, onDisconnect: "hup");
        open["environment"] = new JsonObject { ["FPTY_SESSION"] = "other" };
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.OpenAsync(router, open);

        await peer.ExpectExitAsync();

        Assert.Equal($"FPTY_SESSION={name ?? $"{peer.Opened.Number("id")}"}\n", peer.Output.Text.Replace("\r", "", StringComparison.Ordinal));
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData("--pty-connect", Wire.Raw)]
    [InlineData("--pty-uconnect", Wire.Uwsgi)]
    public async Task The_default_session_has_it_where_it_is_one_of_this_protocol(string option, Wire wire)
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup { Command = "echo in-${FPTY_SESSION-none}-" });

        var result = await Command.RunAsync([Binaries.Fpty, option, router.Address(wire)]);

        Assert.Matches(wire == Wire.Raw ? "^in-none-\r\n" : "^in-[0-9]+-\r\n", result.Output);
    }

    public static bool IsRoot => Environment.UserName == "root";
}
