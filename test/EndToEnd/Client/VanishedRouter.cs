using System.Net;
using System.Net.Sockets;

namespace Forkpty.EndToEnd;

/// <summary>
/// A router that was killed says nothing: what its clients see is the end of a connection, as at the end of a session. On a UNIX socket the kernel tells them
/// whether the process that listens is still there; elsewhere only the session protocol makes the difference, for there a session's end is said.
/// </summary>
public sealed class VanishedRouter
{
    private const int Lost = 254;

    [Theory(Timeout = Patience.Test)]
    [InlineData(RouterKind.Fpty, Wire.Raw)]
    [InlineData(RouterKind.Fpty, Wire.Uwsgi)] // the session protocol: both sides know it
    [InlineData(RouterKind.Uwsgi, Wire.Raw)]
    [InlineData(RouterKind.Uwsgi, Wire.Uwsgi)]
    public async Task On_a_UNIX_socket_it_is_one_sentence_a_status_and_the_terminal_as_it_was(RouterKind router, Wire wire)
    {
        await using var talk = await Conversation.OpenAsync(ClientKind.Fpty, router, wire);
        await talk.ReadyAsync();

        await talk.Router.KillAsync();

        Assert.Equal(Lost, await talk.Terminal.ExpectExitAsync());
        Assert.EndsWith($"fpty: {Ended(talk.Router.Address(wire))}", LastWords(talk), StringComparison.Ordinal); // after a prompt
        Assert.Equal(talk.Terminal.FirstSettings, await talk.Terminal.SettingsAsync());
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData(RouterKind.Fpty, Wire.Raw)]
    [InlineData(RouterKind.Fpty, Wire.Uwsgi)]
    [InlineData(RouterKind.Uwsgi, Wire.Raw)]
    [InlineData(RouterKind.Uwsgi, Wire.Uwsgi)]
    public async Task In_a_flood_too(RouterKind router, Wire wire)
    {
        await using var talk = await Conversation.OpenAsync(ClientKind.Fpty, router, wire);
        await talk.TypeLineAsync("yes");
        await talk.Output.ExpectLengthAsync(100_000);

        await talk.Router.KillAsync();

        Assert.Equal(Lost, await talk.Terminal.ExpectExitAsync());
        Assert.EndsWith(Ended(talk.Router.Address(wire)), LastWords(talk), StringComparison.Ordinal);
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData("--unshare=uts")]
    [InlineData("--unshare=pid")] // three processes: the one that has bound the socket is not the one that serves
    [InlineData("--unshare=user,uts")]
    public async Task A_router_in_a_jail_too(string jail)
    {
        Assert.SkipUnless(Environment.UserName == "root" || jail.Contains("user", StringComparison.Ordinal), "only root can make this jail");
        await using var talk = await Conversation.OpenAsync(ClientKind.Fpty, RouterKind.Fpty, Wire.Raw, new RouterSetup { Arguments = [jail] });
        await talk.ReadyAsync();
        var innermost = ProcessFacts.Descendants(talk.Router.ProcessId).Prepend(talk.Router.ProcessId).Last(child => ProcessFacts.Status(child, "Name") == "fpty");

        await Command.SignalAsync(innermost, "KILL");

        Assert.Equal(Lost, await talk.Terminal.ExpectExitAsync());
        Assert.EndsWith($"fpty: {Ended(talk.Router.RawAddress)}", LastWords(talk), StringComparison.Ordinal);
    }

    /// <summary>A service manager keeps the socket, which stays open, and does not end.</summary>
    [Fact(Timeout = Patience.Test)]
    public async Task A_router_on_a_socket_of_another_process_too()
    {
        const string Manager = """
            import os, signal, socket, subprocess, sys
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(sys.argv[1])
            listener.listen(8)
            os.dup2(listener.fileno(), 9, inheritable=True)
            subprocess.call(sys.argv[2:], close_fds=False)
            signal.pause()
            """;
        using var directory = new TempDirectory();
        var setup = new RouterSetup { Wrapper = ["/usr/bin/python3", "-c", Manager, directory["r"]], Arguments = ["--forkpty-router", "fd://9"], OwnSockets = false };
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty, setup, directory);
        await process.Log.ExpectAsync("listening on");
        await using var talk = await Conversation.JoinAsync(process, ClientKind.Fpty, Wire.Raw);
        await talk.ReadyAsync();

        await Command.SignalAsync(ProcessFacts.Children(process.ProcessId).Single(), "KILL");

        Assert.Equal(Lost, await talk.Terminal.ExpectExitAsync());
        Assert.EndsWith($"fpty: {Ended(process.RawAddress)}", LastWords(talk), StringComparison.Ordinal);
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData(Wire.Raw)]
    [InlineData(Wire.Uwsgi)]
    public async Task With_piped_input_too(Wire wire)
    {
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty);
        using var directory = new TempDirectory();
        var option = wire == Wire.Raw ? "--pty-connect" : "--pty-uconnect";
        await Command.ShellAsync($"mkfifo {directory["input"]}");
        var client = Command.RunAsync(["/bin/sh", "-c", $"exec {Binaries.Fpty} {option} {process.Address(wire)} <>{directory["input"]}"]); // a pipe without an end
        await Patience.UntilAsync(() => process.Facts().Masters == 1, "a session");

        await process.KillAsync();

        var result = await client;
        Assert.Equal(Lost, result.Status);
        Assert.Equal($"fpty: {Ended(process.Address(wire))}\n", result.Error);
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData(RouterKind.Fpty)]
    [InlineData(RouterKind.Uwsgi)]
    public async Task Over_TCP_plain_bytes_do_not_tell_it_from_the_end_of_the_session(RouterKind router)
    {
        await using var talk = await Conversation.OpenAsync(ClientKind.Fpty, router, Wire.Raw, new RouterSetup { RawAddress = FreeAddress() });
        await talk.ReadyAsync();

        await talk.Router.KillAsync();

        Assert.Equal(0, await talk.Terminal.ExpectExitAsync());
        await talk.Output.ExpectAsync("closed");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Over_TCP_the_session_protocol_tells_it()
    {
        var address = FreeAddress();
        await using var talk = await Conversation.OpenAsync(ClientKind.Fpty, RouterKind.Fpty, Wire.Uwsgi, new RouterSetup { UwsgiAddress = address });
        await talk.ReadyAsync();

        await talk.Router.KillAsync();

        Assert.Equal(Lost, await talk.Terminal.ExpectExitAsync());
        Assert.Contains(address, LastWords(talk), StringComparison.Ordinal);
    }

    /// <summary>The last line that the client has put on its terminal.</summary>
    private static string LastWords(Conversation talk) => talk.Output.Text.TrimEnd('\r', '\n').Split('\n')[^1];

    private static string Ended(string address) => $"the router at {address} has ended, and this session with it; see its log, and connect again when it runs";

    private static string FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
    }
}
