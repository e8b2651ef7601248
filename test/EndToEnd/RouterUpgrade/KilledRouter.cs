using Forkpty.EndToEnd.Sessions;

namespace Forkpty.EndToEnd.RouterUpgrade;

public sealed class KilledRouter
{
    private const string Talker = "trap 'exit 3' HUP; stty -echo; echo go $$; while read x; do [ \"$x\" = end ] && exit 5; echo \"<$x>\"; done";

    [Fact(Timeout = Patience.Test)]
    public async Task With_a_store_of_the_service_manager_kept_sessions_go_on_and_the_others_are_hung_up()
    {
        await using var manager = await ServiceManager.StartAsync(holds: true);
        await using var kept = await SessionPeer.OpenAsync(manager.Address, Request.Open("kept", shell: Talker, onDisconnect: "keep"), 33, 111);
        await using var timed = await SessionPeer.OpenAsync(manager.Address, Request.Open("timed", shell: Talker, onDisconnect: "keep=600"));
        await using var plain = await SessionPeer.OpenAsync(manager.Address, Request.Open("plain", shell: Talker, onDisconnect: "hup"));
        foreach (var peer in (SessionPeer[])[kept, timed, plain])
            await peer.Output.ExpectAsync($"go {peer.Pid}");
        await manager.Log.ExpectAsync("FDSTORE=1 FDNAME=fpty-session-1 FDPOLL=0 store 3");
        await manager.Log.ExpectAsync("store 6");

        await manager.SayAsync("kill");
        await manager.Log.ExpectAsync("killed");
        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(plain.Pid), "the end of what is not kept");
        Assert.True(ProcessFacts.IsAlive(kept.Pid));
        await manager.SayAsync("start");
        await manager.Log.ExpectAsync("READY=1");

        await using var again = await SessionPeer.OpenAsync(manager.Address, Request.Attach("kept"), 40, 100);
        Assert.Equal(kept.Pid, again.Pid);
        await again.TypeAsync("hello\n");
        await again.Output.ExpectAsync("<hello>\r\n");
        Assert.Equal("keep", again.Opened.Text("on-disconnect"));
        await using var other = await SessionPeer.OpenAsync(manager.Address, Request.Attach("timed"));
        Assert.Equal("keep=600", other.Opened.Text("on-disconnect"));

        await again.TypeAsync("end\n");
        await again.ExpectExitAsync();
        await manager.Log.ExpectAsync("FDSTOREREMOVE=1 FDNAME=fpty-session-1 store 3");
        await using var fresh = await SessionPeer.OpenAsync(manager.Address, Request.Open(shell: Talker));
        Assert.True(fresh.Opened.Number("id") > other.Opened.Number("id"));
        await other.SendAsync(PacketType.Kill, Request.Of("timed"));
        await other.ExpectExitAsync();
        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(timed.Pid), "its end");
        await manager.Log.ExpectAsync("store 0");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_start_in_vain_leaves_them_to_the_next_one()
    {
        using var directory = new TempDirectory();
        Directory.CreateDirectory(directory["run"]);
        await using var manager = await ServiceManager.StartAsync(holds: true, group: null, "--pidfile2", directory["run/pid"]);
        await using var kept = await SessionPeer.OpenAsync(manager.Address, Request.Open("kept", shell: Talker, onDisconnect: "keep"));
        await kept.Output.ExpectAsync($"go {kept.Pid}");
        await manager.Log.ExpectAsync("FDSTORE=1 FDNAME=fpty-session-1 FDPOLL=0 store 3");
        await manager.SayAsync("kill");
        await manager.Log.ExpectAsync("killed");
        Directory.Delete(directory["run"], recursive: true);
        await manager.SayAsync("start");
        await manager.Log.ExpectAsync($"fpty: --pidfile2 {directory["run/pid"]}: ENOENT");
        Directory.CreateDirectory(directory["run"]);

        await manager.SayAsync("start");

        await manager.Log.ExpectAsync("READY=1");
        await using var again = await SessionPeer.OpenAsync(manager.Address, Request.Attach("kept"));
        Assert.Equal(kept.Pid, again.Pid);
        await again.TypeAsync("hello\n");
        await again.Output.ExpectAsync("<hello>\r\n");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task The_time_of_a_session_that_is_kept_for_one_begins_anew_and_ends_it()
    {
        await using var manager = await ServiceManager.StartAsync(holds: true);
        await using var timed = await SessionPeer.OpenAsync(manager.Address, Request.Open("timed", shell: Talker, onDisconnect: "keep=1"));
        await timed.Output.ExpectAsync("go");
        await manager.Log.ExpectAsync("FDSTORE=1 FDNAME=fpty-session-1 FDPOLL=0 store 3");
        await manager.SayAsync("kill");
        await manager.Log.ExpectAsync("killed");
        long since = Environment.TickCount64;

        await manager.SayAsync("start");

        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(timed.Pid), "its end");
        Assert.InRange(Environment.TickCount64 - since, 950, long.MaxValue);
        await manager.Log.ExpectAsync("FDSTOREREMOVE=1 FDNAME=fpty-session-1 store 0");
        await using var peer = await SessionPeer.ConnectAsync(manager.Address);
        Assert.Empty(await peer.ListAsync());
    }

    [Fact(Timeout = Patience.Test)]
    public async Task The_end_of_the_router_ends_what_is_stored_too()
    {
        await using var manager = await ServiceManager.StartAsync(holds: true);
        await using var kept = await SessionPeer.OpenAsync(manager.Address, Request.Open("kept", shell: Talker, onDisconnect: "keep"));
        await kept.Output.ExpectAsync("go");

        await manager.SayAsync("stop");

        await manager.Log.ExpectAsync("stopped 0");
        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(kept.Pid), "its end");
        await manager.Log.ExpectAsync("store 0");
        await manager.SayAsync("start");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_session_that_has_ended_meanwhile_is_forgotten()
    {
        await using var manager = await ServiceManager.StartAsync(holds: true);
        await using var kept = await SessionPeer.OpenAsync(manager.Address, Request.Open("kept", shell: Talker, onDisconnect: "keep"));
        await kept.Output.ExpectAsync("go");
        await manager.SayAsync("kill");
        await manager.Log.ExpectAsync("killed");
        await Command.SignalAsync(kept.Pid, "KILL");
        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(kept.Pid), "its end");

        await manager.SayAsync("start");
        await manager.Log.ExpectAsync("FDSTOREREMOVE=1 FDNAME=fpty-session-1 store 0");
        await manager.Log.ExpectAsync("READY=1");

        await using var peer = await SessionPeer.ConnectAsync(manager.Address);
        Assert.Empty(await peer.ListAsync());
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Of_two_sessions_of_one_number_that_which_lives_goes_on()
    {
        await using var manager = await ServiceManager.StartAsync(holds: true);
        await using var ended = await SessionPeer.OpenAsync(manager.Address, Request.Open("ended", shell: Talker, onDisconnect: "keep"));
        await ended.Output.ExpectAsync("go");
        await manager.SayAsync("kill");
        await manager.Log.ExpectAsync("killed");
        await Command.SignalAsync(ended.Pid, "KILL");
        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(ended.Pid), "its end");
        await manager.SayAsync("start");
        await manager.Log.ExpectAsync("READY=1");
        await using var kept = await SessionPeer.OpenAsync(manager.Address, Request.Open("kept", shell: Talker, onDisconnect: "keep"));
        await kept.Output.ExpectAsync("go");
        Assert.Equal(ended.Opened.Number("id"), kept.Opened.Number("id"));
        await manager.SayAsync("kill");
        await manager.Log.ExpectAsync("killed");
        await manager.SayAsync("start");
        await manager.Log.ExpectAsync("READY=1");

        await using var again = await SessionPeer.OpenAsync(manager.Address, Request.Attach("kept"));

        Assert.Equal(kept.Pid, again.Pid);
        await again.TypeAsync("end\n");
        await again.ExpectExitAsync();
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Who_comes_first_has_the_screen_drawn_anew_also_after_an_upgrade()
    {
        await using var manager = await ServiceManager.StartAsync(holds: true);
        await using var kept = await SessionPeer.OpenAsync(manager.Address, Request.Open("kept", shell: "stty -echo; trap 'echo drawn' WINCH; echo go; while :; do read x; done", onDisconnect: "keep"), 33, 111);
        await kept.Output.ExpectAsync("go");
        await manager.SayAsync("kill");
        await manager.Log.ExpectAsync("killed");
        await manager.SayAsync("start");
        await manager.Log.ExpectAsync("READY=1");
        var upgraded = await Command.RunAsync([Binaries.Fpty, "upgrade", manager.Address], within: TimeSpan.FromSeconds(25));
        Assert.Equal(0, upgraded.Status);

        await using var again = await SessionPeer.OpenAsync(manager.Address, Request.Attach("kept"), 33, 111);

        await again.Output.ExpectAsync("drawn");
        await again.SendAsync(PacketType.Kill, Request.Of("kept"));
        await again.ExpectExitAsync();
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Without_one_everything_is_hung_up_and_nothing_is_left()
    {
        await using var manager = await ServiceManager.StartAsync(holds: false);
        await using var kept = await SessionPeer.OpenAsync(manager.Address, Request.Open("kept", shell: Talker, onDisconnect: "keep"));
        await using var piped = await SessionPeer.OpenAsync(manager.Address, Request.Open(command: ["cat"], terminal: false));
        await kept.Output.ExpectAsync("go");

        await manager.SayAsync("kill");

        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(kept.Pid) && !ProcessFacts.IsAlive(piped.Pid), "the end of both");
        await manager.SayAsync("start");
        await manager.Log.ExpectAsync("READY=1");
        await using var peer = await SessionPeer.ConnectAsync(manager.Address);
        Assert.Empty(await peer.ListAsync());
    }
}
