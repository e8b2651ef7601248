using System.Text.Json.Nodes;
using Forkpty.EndToEnd.Sessions;

namespace Forkpty.EndToEnd.RouterUpgrade;

public sealed class StateOfASession
{
    [Theory(Timeout = Patience.HeavyTest)]
    [InlineData(Wire.Raw)]
    [InlineData(Wire.Uwsgi)]
    public async Task What_a_client_has_not_taken_yet_it_gets_afterwards(Wire wire)
    {
        await using var router = await UpgradableRouter.StartAsync(new RouterSetup { Command = "stty -onlcr; seq 1 200000" });
        await using var client = await SocketClient.ConnectAsync(router.Process.Address(wire), wire, read: false);
        if (wire == Wire.Uwsgi)
            await client.SendPacketAsync(100, 24);
        await router.Process.Log.ExpectAsync("session 1: process");

        await router.ExpectUpgradeAsync();
        client.StartReading();

        await client.ExpectOverAsync();
        Assert.Equal(string.Concat(Enumerable.Range(1, 200_000).Select(i => $"{i}\n")), client.Output.Text);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_packet_of_which_the_rest_comes_afterwards_is_whole()
    {
        await using var router = await UpgradableRouter.StartAsync(new RouterSetup { Command = "stty -echo; echo go; exec cat" }.With("forkptyrouter-allow-command"));
        await using var client = await SocketClient.ConnectAsync(router.Process.UwsgiAddress, Wire.Uwsgi);
        await client.SendPacketAsync(100, 24);
        await client.SendPacketAsync(101, 80);
        await client.Output.ExpectAsync("go");
        await using var peer = await SessionPeer.OpenAsync(router.Process, Request.Open(terminal: false, command: ["cat"]));
        byte[] packet = SessionPeer.Packet(PacketType.Data, "said in two pieces\n"u8);
        byte[] plain = SocketClient.Packet(0, 12, "before after\n"u8[..12]);

        await client.SendBytesAsync(plain.AsMemory(0, 10));
        await peer.SendBytesAsync(packet.AsMemory(0, 2));
        await router.ExpectUpgradeAsync();
        await client.SendBytesAsync(plain.AsMemory(10));
        await client.TypeAsync("\n");
        await peer.SendBytesAsync(packet.AsMemory(2));

        await client.Output.ExpectAsync("before after");
        await peer.Output.ExpectAsync("said in two pieces\n");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_kept_session_has_its_screen_and_its_scrollback_as_before()
    {
        await using var router = await UpgradableRouter.StartAsync();
        const string Draw = "stty -echo; seq 1 300; printf '\\033[1;33mbold\\033[0m \\033[4mx\\033[0m\\033[5;10Hthere\\033]2;title\\007\\033[?2004h'; printf 'go'; read x; printf 'more\\033[3'; read x; printf '1mred\\033[m over'; read x";
        await using var driver = await SessionPeer.OpenAsync(router.Process, Request.Open("work", shell: Draw, onDisconnect: "keep"));
        await driver.Output.ExpectAsync("go");
        await driver.TypeAsync("\n");
        await driver.Output.ExpectAsync("more\e[3"); // in the middle of a sequence
        await using var before = await SessionPeer.OpenAsync(router.Process, Request.Attach("work", "viewer"));
        await before.SettleAsync();

        await router.ExpectUpgradeAsync();

        await using var after = await SessionPeer.OpenAsync(router.Process, Request.Attach("work", "viewer"));
        await after.SettleAsync();
        Assert.NotEqual(0, before.Screen.Length);
        Assert.Equal(before.Screen.Text, after.Screen.Text);
        Assert.Equal(before.Opened.Number("offset"), after.Opened.Number("offset"));
        await driver.TypeAsync("\n");
        await driver.Output.ExpectAsync("over");
        await after.Output.ExpectAsync("over");
        Assert.Equal(await PaintedScreen.OfAsync(driver.Stream.Bytes), await PaintedScreen.OfAsync(after.Stream.Bytes));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_connection_that_broke_before_goes_on_exactly_afterwards()
    {
        await using var router = await UpgradableRouter.StartAsync();
        await using var first = await SessionPeer.OpenAsync(router.Process, Request.Open("work", shell: "stty -echo; echo go; while read x; do echo \"<$x>\"; done", onDisconnect: "keep"));
        await first.Output.ExpectAsync("go\r\n");
        await first.TypeAsync("one\n");
        await first.Output.ExpectAsync("<one>\r\n");
        await first.LeaveAsync();

        await router.ExpectUpgradeAsync();

        await using var again = await SessionPeer.OpenAsync(
            router.Process, new JsonObject { ["session"] = "work", ["mode"] = "attach", ["resume"] = first.Opened.Text("token"), ["received"] = 4 });
        Assert.Equal(4, again.Opened.Number("input"));
        await again.TypeAsync("two\n");
        await again.Output.ExpectAsync("<two>\r\n");
        Assert.Equal("<one>\r\n<two>\r\n", again.Output.Text);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task The_driver_and_the_size_of_the_window_stay_and_a_viewer_stays_one()
    {
        await using var router = await UpgradableRouter.StartAsync();
        await using var driver = await SessionPeer.OpenAsync(
            router.Process, Request.Open("work", shell: "stty -echo; echo go; while read x; do stty size; done", onDisconnect: "keep"), 33, 111);
        await driver.Output.ExpectAsync("go");
        await using var viewer = await SessionPeer.OpenAsync(router.Process, Request.Attach("work", "viewer"), 20, 60);

        await router.ExpectUpgradeAsync();

        await viewer.TypeAsync("not heard\n");
        await viewer.SettleAsync();
        await driver.TypeAsync("\n");
        await driver.Output.ExpectAsync("33 111\r\n");
        await driver.ResizeAsync(34, 112);
        await driver.TypeAsync("\n");
        await driver.Output.ExpectAsync("34 112\r\n");
        await viewer.Output.ExpectAsync("33 111\r\n34 112\r\n");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task On_disconnect_kill_ends_the_whole_tree_afterwards_too()
    {
        await using var router = await UpgradableRouter.StartAsync();
        int id = Environment.ProcessId;
        await using var peer = await SessionPeer.OpenAsync(
            router.Process, Request.Open(shell: $"trap '' HUP; read go; setsid sleep 1005.{id} & (setsid sh -c 'sleep 1006.{id} & wait' &) ; until [ $(ps -eo args | grep -c '^sleep 100[56].{id}') -ge 2 ]; do :; done; echo go; cat", onDisconnect: "kill"));
        await peer.TypeAsync("\n"); // what is forked before the session has its control group is found by its parents alone
        await peer.Output.ExpectAsync("go");

        await router.ExpectUpgradeAsync();
        await peer.LeaveAsync();

        await Patience.UntilAsync(() => ProcessFacts.Descendants(router.Process.ProcessId).Count == 0, "the end of all of them");
        Assert.Equal("", await Command.ShellAsync($"while ps -eo args | grep -q '^sleep 100[56].{id}'; do sleep 0.05; done"));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_session_that_is_kept_for_a_time_ends_when_that_is_over()
    {
        await using var router = await UpgradableRouter.StartAsync();
        await using var peer = await SessionPeer.OpenAsync(router.Process, Request.Open("work", shell: "echo go; cat", onDisconnect: "keep=2"));
        await peer.Output.ExpectAsync("go");
        long since = Environment.TickCount64;
        await peer.LeaveAsync();

        await router.ExpectUpgradeAsync();

        Assert.True(ProcessFacts.IsAlive(peer.Pid) || Environment.TickCount64 - since > 1_900, "the session is hung up by the upgrade");
        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(peer.Pid), "its end");
    }
}
