using Forkpty.Protocol;
using Forkpty.Testing;
using Xunit;

namespace Forkpty.Tests;

public sealed class RestorationTests
{
    [Theory(Timeout = 150_000)]
    [InlineData("router closes", 0)]
    [InlineData("router resets", 254)]
    [InlineData("escape", 0)]
    [InlineData("TERM", 143)]
    [InlineData("HUP", 129)]
    [InlineData("INT", 130)]
    [InlineData("QUIT", 131)]
    public async Task The_terminal_is_raw_while_connected_and_afterwards_as_it_was(string wayOut, int status)
    {
        using TestRouter router = TestRouter.Listen(WireMode.Uwsgi, tcp: true);
        await using TestTerminal terminal = await TestTerminal.StartClientAsync(router);
        await router.Accept();
        await terminal.WaitFor($"fpty: connected to {router.Address} (Enter ~ . disconnects)");
        await router.Send("\e[?1049h\e[?25l\e[?2004hready");
        await terminal.WaitFor("ready");
        await router.ReadUntil(() => router.Packets.Count == 2); // a router that closes with input unread resets the connection

        string raw = terminal.Settings();
        foreach (string flag in new[] { "-isig", "-icanon", "-echo", "-iexten", "-opost", "-ixon", "-icrnl", "iutf8", "min = 1" })
            Assert.Contains($" {flag}", raw.ReplaceLineEndings(" "), StringComparison.Ordinal);

        await LeaveBy(wayOut, router, terminal);

        await terminal.WaitFor("\e[?2004l\e[?25h\e[?1049l"); // modes that the program left on
        await terminal.WaitFor("finished");
        Assert.Equal(status, terminal.ClientStatus);
        Assert.Equal(await File.ReadAllTextAsync($"{router.Directory}/before"), await File.ReadAllTextAsync($"{router.Directory}/after"));
        Assert.Contains(" icanon", await File.ReadAllTextAsync($"{router.Directory}/after"), StringComparison.Ordinal);
        Assert.Equal(status == 0, terminal.Screen.Contains($"fpty: connection to {router.Address} closed", StringComparison.Ordinal));
        Assert.Equal(status == 254, terminal.Screen.Contains($"fpty: lost the connection to {router.Address}", StringComparison.Ordinal));
    }

    [Fact(Timeout = 150_000)]
    public async Task A_killed_router_gives_the_terminal_back()
    {
        using TestRouter router = TestRouter.Listen(WireMode.Raw);
        string socket = $"{router.Directory}/killed";
        await using TestTerminal terminal = await TestTerminal.StartAsync(
            $"""
            mkfifo {router.Directory}/go
            socat -d -d UNIX-LISTEN:{socket} EXEC:cat 2> {router.Directory}/log & router=$!
            until grep -qs listening {router.Directory}/log; do :; done
            stty -g > {router.Directory}/before
            (read go < {router.Directory}/go; kill -9 $router) &
            {TestTerminal.Executable} client {socket} Raw '~'
            echo "status:$?"
            stty -g > {router.Directory}/after
            echo finished
            """);
        await terminal.WaitFor("connected");
        await terminal.Type("up");
        await terminal.WaitFor("up");
        Assert.Contains("-icanon", terminal.Settings(), StringComparison.Ordinal);
        await File.WriteAllTextAsync($"{router.Directory}/go", "\n");
        await terminal.WaitFor("finished");
        Assert.Equal(await File.ReadAllTextAsync($"{router.Directory}/before"), await File.ReadAllTextAsync($"{router.Directory}/after"));
    }

    [Fact(Timeout = 150_000)]
    public async Task Suspending_gives_the_terminal_back_and_continuing_takes_it_over_again()
    {
        using TestRouter router = TestRouter.Listen(WireMode.Uwsgi);
        await using TestTerminal terminal = await TestTerminal.StartAsync("exec bash --norc --noediting -i", new WindowSize(30, 90));
        await terminal.Type($"PS1='$ '; {TestTerminal.Executable} client {router.Address} Uwsgi '~'\r");
        await router.Accept();
        await terminal.WaitFor("fpty: connected");
        await router.ReadUntil(() => router.Packets.Count == 2);
        Assert.Equal(["Rows 30", "Columns 90"], router.Packets);

        await terminal.Type("~\u001a");
        await terminal.WaitFor("Stopped");
        Assert.Contains(" icanon", terminal.Settings(), StringComparison.Ordinal);

        terminal.Resize(new WindowSize(40, 100));
        await terminal.Type("fg\r");
        await router.ReadUntil(() => router.Packets.Count >= 4);
        Assert.Equal(["Rows 40", "Columns 100"], router.Packets[^2..]);
        await terminal.Type("x");
        await router.ReadUntil(() => router.Input.Count > 0);
        Assert.Equal("x"u8, router.Input.ToArray());
        Assert.Contains("-icanon", terminal.Settings(), StringComparison.Ordinal);

        router.Close();
        await terminal.WaitFor("closed");
        await terminal.Type("echo status:$?; stty -a; exit\r");
        await terminal.WaitFor(" icanon");
        Assert.Contains("status:0", terminal.Screen, StringComparison.Ordinal);
    }

    [Fact(Timeout = 150_000)]
    public async Task After_a_stop_from_outside_the_terminal_is_raw_again()
    {
        using TestRouter router = TestRouter.Listen(WireMode.Raw);
        await using TestTerminal terminal = await TestTerminal.StartClientAsync(router);
        await router.Accept();
        await terminal.WaitFor("fpty: connected");
        await router.Send("ready");
        await terminal.WaitFor("ready");
        terminal.Signal("STOP");
        Shell.Run($"stty -F /proc/{terminal.ClientPid}/fd/0 sane");
        terminal.Signal("CONT");
        await Patience.UntilAsync(() => terminal.Settings().Contains("-icanon", StringComparison.Ordinal), "the terminal is raw again");
        terminal.Signal("TERM");
        await terminal.WaitFor("finished");
        Assert.Equal(await File.ReadAllTextAsync($"{router.Directory}/before"), await File.ReadAllTextAsync($"{router.Directory}/after"));
    }

    private static async Task LeaveBy(string wayOut, TestRouter router, TestTerminal terminal)
    {
        switch (wayOut)
        {
            case "router closes": router.Close(); break;
            case "router resets": router.Reset(); break;
            case "escape": await terminal.Type("~."); break;
            default: terminal.Signal(wayOut); break;
        }
    }
}
