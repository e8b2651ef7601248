using System.Globalization;
using System.Net.Sockets;
using Forkpty.Protocol;
using Forkpty.Testing;
using Xunit;

namespace Forkpty.Tests;

public sealed class RouterTests
{
    private const string EchoServer = "stty raw -echo; echo $$; exec cat";

    [Fact(Timeout = Patience.Test)]
    public async Task A_session_gets_a_terminal_and_what_is_typed_comes_back()
    {
        await using var hosted = new HostedRouter("stty raw -echo; tty; exec cat");
        await using NetworkStream session = await hosted.Connect();
        Assert.StartsWith("/dev/pts/", await HostedRouter.ReadUntil(session, "\n"), StringComparison.Ordinal);

        await session.WriteAsync("hello"u8.ToArray());

        Assert.Equal("hello", await HostedRouter.ReadUntil(session, "hello"));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Statistics_count_sessions_and_bytes()
    {
        await using var hosted = new HostedRouter("stty raw -echo; printf ready; exec head -c 5");
        Assert.Equal((0, 0, 1), (hosted.Router.Statistics.Sessions, hosted.Router.Statistics.BytesOut, hosted.Router.Statistics.Loops));
        await using NetworkStream session = await hosted.Connect();
        await HostedRouter.ReadUntil(session, "ready");
        Assert.Equal((1, 1), (hosted.Router.Statistics.Sessions, hosted.Router.Statistics.ActiveSessions));

        await session.WriteAsync("12345"u8.ToArray());

        Assert.Equal("12345", await HostedRouter.ReadToEnd(session));
        await Patience.UntilAsync(() => hosted.Router.Statistics.ActiveSessions == 0, "the session counts as ended");
        RouterStatistics after = hosted.Router.Statistics;
        Assert.Equal((1, 0, 5, 10), (after.Sessions, after.Refused, after.BytesIn, after.BytesOut));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Reload_changes_the_command_of_new_sessions_only()
    {
        await using var hosted = new HostedRouter(EchoServer);
        await using NetworkStream old = await hosted.Connect();
        await HostedRouter.ReadUntil(old, "\n");

        hosted.Router.Reload(hosted.Options with { Command = "echo new" });
        await Patience.UntilAsync(() => hosted.Log.Lines.Any(line => line.StartsWith("new sessions use", StringComparison.Ordinal)), "the router has the new options");

        Assert.Equal("new\r\n", await hosted.Run());
        await old.WriteAsync("still here"u8.ToArray());
        Assert.Equal("still here", await HostedRouter.ReadUntil(old, "still here"));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_wrong_reload_changes_nothing()
    {
        await using var hosted = new HostedRouter("echo first");
        Assert.Throws<ArgumentException>(() => hosted.Router.Reload(hosted.Options with { Command = "" }));
        Assert.Equal("first\r\n", await hosted.Run());
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Stop_ends_sessions_removes_the_file_and_the_path_serves_again()
    {
        await using var hosted = new HostedRouter(EchoServer);
        await using NetworkStream session = await hosted.Connect();
        int pid = int.Parse(await HostedRouter.ReadUntil(session, "\n"), CultureInfo.InvariantCulture);
        Assert.True(ProcessFacts.IsAlive(pid));

        await hosted.Router.StopAsync();

        Assert.Equal('X', ProcessFacts.State(pid)); // neither running nor a zombie
        Assert.Contains("stopping; 1 session is hung up", hosted.Log.Lines);
        Assert.False(File.Exists(hosted.Path));
        Assert.Equal("", await HostedRouter.ReadToEnd(session));
        await using var second = new Router(hosted.Options with { Command = "echo second" });
        second.Start();
        Assert.Equal("second\r\n", await hosted.Run());
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_router_that_runs_is_not_started_twice()
    {
        await using var hosted = new HostedRouter("echo once");
        Assert.Throws<InvalidOperationException>(hosted.Router.Start);
        Assert.Equal("once\r\n", await hosted.Run());
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_router_that_was_stopped_is_not_started_again()
    {
        await using var hosted = new HostedRouter("echo once");
        await hosted.Router.StopAsync();
        Assert.Throws<InvalidOperationException>(hosted.Router.Start);
        Assert.False(File.Exists(hosted.Path));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Where_one_socket_cannot_be_bound_none_is()
    {
        using var directory = new TempDirectory();
        directory.Write("taken", "precious");
        ListenOptions At(string name) => new(RouterAddress.Parse(directory[name]), WireMode.Raw);
        await using var router = new Router(new RouterOptions { Listeners = [At("free"), At("taken")] });
        Assert.Throws<ListenException>(router.Start);
        Assert.False(File.Exists(directory["free"]));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_second_router_on_the_same_path_starts_no_session_in_the_first()
    {
        await using var hosted = new HostedRouter("echo mine");
        await using (var second = new Router(hosted.Options))
            Assert.Throws<ListenException>(second.Start);
        Assert.Equal("mine\r\n", await hosted.Run()); // accepted after whatever the second one did
        Assert.Equal(1, hosted.Router.Statistics.Sessions);
    }
}
