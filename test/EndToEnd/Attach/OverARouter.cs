using System.Diagnostics;
using System.Text.Json.Nodes;
using Forkpty.EndToEnd.Sessions;

namespace Forkpty.EndToEnd.Attach;

public sealed class OverARouter
{
    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_client_has_a_session_inside_leaves_it_and_comes_back()
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Runc);
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup().With("attach-targets", $"pid:{target.ProcessId}"));
        await using var first = await SessionPeer.OpenAsync(router, Inside($"pid:{target.ProcessId}", "inside", "keep", "stty -echo; tty; id -u; stty size; while read x; do echo \"<$x>\"; done"), 33, 99);
        await first.Output.ExpectAsync("/dev/pts/0\r\n1000\r\n33 99\r\n");
        Assert.Equal(Namespace(target.ProcessId), Namespace(first.Pid));
        await first.LeaveAsync();

        await using var back = await SessionPeer.OpenAsync(router, Request.Attach("inside"));
        await back.TypeAsync("again\n");
        await back.Output.ExpectAsync("<again>");
        await back.TypeAsync("\x04");

        Assert.Equal(0, (await back.ExpectExitAsync()).Number("code"));
        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(first.Pid), "its end");
        Assert.True(ProcessFacts.IsAlive(target.ProcessId));
    }

    [Theory(Timeout = Patience.HeavyTest)]
    [InlineData(TargetKind.Podman, "podman:web-*")]
    [InlineData(TargetKind.Runc, "runc:web-*,podman:other")]
    [InlineData(TargetKind.Crun, "crun:web-*")]
    [InlineData(TargetKind.ShiftedLxc, "lxc:web-*")]
    [InlineData(TargetKind.ShiftedMachine, "machine:web-*")]
    [InlineData(TargetKind.Unit, "systemd:web-*")]
    [InlineData(TargetKind.Jail, "jail:web-*")]
    public async Task Several_share_a_session_in_a_target_that_a_pattern_names_and_get_into_no_other(TargetKind kind, string pattern)
    {
        await using var target = await RunningTarget.StartAsync(kind, name: $"web-{RunningTarget.NextName()}");
        await using var other = await RunningTarget.StartAsync(kind);
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup().With("attach-targets", pattern));
        await using (var outsider = await SessionPeer.ConnectAsync(router))
        {
            await outsider.SendAsync(PacketType.Open, Inside(other.FullName, null, "hup", "echo in"));
            Assert.Contains((await outsider.ExpectAsync(PacketType.Error)).Text("code"), (string[])["not-allowed", "cannot-start"]);
        }

        await using var first = await SessionPeer.OpenAsync(
            router, Inside(target.FullName, "shared", "keep", "stty -echo; test -c $(tty) && stty size; while read x; do echo \"<$x> $(stty size)\"; done; exit 7"), 33, 99);
        await first.Output.ExpectAsync("33 99\r\n");
        Assert.Equal(Namespace(target.ProcessId), Namespace(first.Pid));
        await first.SendAsync(PacketType.Detach);
        Assert.Equal("detached", (await first.ExpectExitAsync()).Text("reason"));

        await using var back = await SessionPeer.OpenAsync(router, Request.Attach("shared"), 33, 99);
        await back.TypeAsync("back\n");
        await back.Output.ExpectAsync("<back> 33 99\r\n");
        await using var second = await SessionPeer.OpenAsync(router, Request.Attach("shared"), 30, 100);
        await using var viewer = await SessionPeer.OpenAsync(router, Request.Attach("shared", "viewer"), 10, 20);
        await viewer.TypeAsync("of the viewer\n");
        await viewer.SettleAsync();
        await second.TypeAsync("second\n");
        foreach (var each in (SessionPeer[])[back, second, viewer])
            await each.Output.ExpectAsync("<second> 30 100\r\n");
        Assert.DoesNotContain("of the viewer", second.Output.Text, StringComparison.Ordinal);

        await back.TypeAsync("\x04");
        foreach (var each in (SessionPeer[])[back, second, viewer])
            Assert.Equal(7, (await each.ExpectExitAsync()).Number("code"));
        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(first.Pid), "its end");
        Assert.True(ProcessFacts.IsAlive(target.ProcessId));
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task The_log_names_target_and_user_and_the_list_the_target()
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Runc);
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup().With("attach-targets", $"pid:{target.ProcessId}"));
        await using var first = await SessionPeer.OpenAsync(router, new JsonObject { ["target"] = $"pid:{target.ProcessId}", ["user"] = "1000" });
        await router.Log.ExpectAsync($", session mode, in pid:{target.ProcessId} as 1000\n");
        await using var second = await SessionPeer.OpenAsync(router, Inside($"pid:{target.ProcessId}", null, "hup", "cat"));
        await router.Log.ExpectAsync($", session mode, in pid:{target.ProcessId} as its own user\n");

        var listed = await Command.RunAsync([Binaries.Fpty, "ps", router.UwsgiAddress, "--json"]);

        Assert.Contains($"\"command\":\"pid:{target.ProcessId}\"", listed.Output, StringComparison.Ordinal);
        Assert.Contains($"\"command\":\"pid:{target.ProcessId}: /bin/sh -c cat\"", listed.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task Why_a_target_is_hidden_stands_in_the_routers_log_alone()
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Runc);
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup().With("attach-targets", "podman:*"));
        string container = (await Command.RunAsync([Binaries.Fpty, "ps"])).Output.Split('\n').First(line => line.Contains($" {target.ProcessId} ", StringComparison.Ordinal)).Split(' ')[0];
        foreach (string name in (string[])[$"pid:{target.ProcessId}", container, container["runc:".Length..]])
        {
            await using var peer = await SessionPeer.ConnectAsync(router);
            await peer.SendAsync(PacketType.Open, new JsonObject { ["target"] = name });

            Assert.DoesNotContain("attach-targets", (await peer.ExpectAsync(PacketType.Error)).Text("text"), StringComparison.Ordinal);
            await router.Log.ExpectAsync($"({(name.Contains(':', StringComparison.Ordinal) ? name : container)} runs, but is not among attach-targets)\n");
        }
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task The_verb_with_an_address_asks_the_router_to_enter()
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare);
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup().With("attach-targets", "podman:nothing,pid:*"));
        await using var terminal = await Terminal.StartAsync([Binaries.Fpty, "attach", $"pid:{target.ProcessId}", router.UwsgiAddress, "--env", "X=there", "--", "/bin/sh", "-c", "tty; stty size; echo $X $TERM; exit 7"], rows: 31, columns: 97);

        Assert.Equal(7, await terminal.ExpectExitAsync());
        Assert.Contains("/dev/pts/0\r\n31 97\r\nthere ", terminal.Output.Text, StringComparison.Ordinal);
    }

    [Theory(Timeout = Patience.HeavyTest)]
    [InlineData(null)]
    [InlineData("podman:*")]
    [InlineData("pid:1")]
    public async Task What_is_not_named_nobody_gets_into_and_hears_nothing_of(string? allowed)
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare);
        var setup = new RouterSetup();
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty, allowed is null ? setup : setup.With("attach-targets", allowed));
        foreach (string name in (string[])[$"pid:{target.ProcessId}", $"{target.ProcessId}", "sleep", "pid:*", "*"])
        {
            await using var peer = await SessionPeer.ConnectAsync(router);
            await peer.SendAsync(PacketType.Open, new JsonObject { ["target"] = name, ["command"] = new JsonArray("/bin/true") });

            var refused = await peer.ExpectAsync(PacketType.Error);

            Assert.Contains(refused.Text("code"), (string[])["not-allowed", "cannot-start"]);
            Assert.DoesNotContain("jail:", refused.Text("text"), StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Nobody_learns_which_processes_there_are()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup().With("attach-targets", "podman:*"));
        List<string> refusals = [];
        foreach (string name in (string[])["pid:1", "pid:4194305"])
        {
            await using var peer = await SessionPeer.ConnectAsync(router);
            await peer.SendAsync(PacketType.Open, new JsonObject { ["target"] = name });
            refusals.Add((await peer.ExpectAsync(PacketType.Error)).Text("text").Replace(name, "", StringComparison.Ordinal));
        }

        Assert.Equal(refusals[0], refusals[1]);
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_fixed_command_leaves_neither_command_nor_user_to_choose()
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare);
        var setup = new RouterSetup { Command = "echo fixed" }.With("attach-targets", "pid:*");
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty, setup);
        foreach (string member in (string[])["command", "user", "directory"])
        {
            await using var peer = await SessionPeer.ConnectAsync(router);
            await peer.SendAsync(PacketType.Open, new JsonObject { ["target"] = $"pid:{target.ProcessId}", [member] = member == "command" ? new JsonArray("/bin/id") : "0" });
            await peer.ExpectLastErrorAsync("not-allowed");
        }
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task On_disconnect_kill_leaves_nothing_behind_in_the_target()
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Runc);
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup().With("attach-targets", "pid:*"));
        string group = await File.ReadAllTextAsync($"/proc/{target.ProcessId}/cgroup");
        await using var peer = await SessionPeer.OpenAsync(
            router, Inside($"pid:{target.ProcessId}", null, "kill", "trap '' HUP; read go; (setsid sh -c 'sleep 1001 & exec sleep 1002' &); sleep 1003 & echo go; cat"));
        await peer.TypeAsync("\n");
        await peer.Output.ExpectAsync("go\r\n");
        await Patience.UntilAsync(() => Inside(target).Length >= 5, "its first process, cat and three that sleep");

        await peer.LeaveAsync();

        await Patience.UntilAsync(() => Inside(target).SequenceEqual([target.ProcessId]), "only what was there before");
        Assert.Equal(group, await File.ReadAllTextAsync($"/proc/{target.ProcessId}/cgroup"));
    }

    [Theory(Timeout = Patience.HeavyTest)]
    [InlineData("/etc")]
    [InlineData("/bin/hangs")]
    public async Task Who_leaves_while_a_target_makes_him_wait_keeps_nobody_else_waiting(string place)
    {
        Assert.SkipUnless(File.Exists("/dev/fuse"), "this kernel has no FUSE");
        await using var hostile = await RunningTarget.StartAsync(TargetKind.Unshare);
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare);
        using var fuse = await HangingFileSystem.MountAsync(hostile, place);
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup().With("attach-targets", "pid:*"));
        await using var gone = await SessionPeer.ConnectAsync(router);
        await gone.SendAsync(PacketType.Open, new JsonObject { ["target"] = hostile.FullName, ["command"] = new JsonArray("/bin/hangs/program") });
        await Patience.UntilAsync(() => ProcessFacts.Children(router.ServingProcessId).Count > 0, "it is on its way in");
        var start = Stopwatch.GetTimestamp();

        await gone.LeaveAsync();

        await using var peer = await SessionPeer.OpenAsync(router, Inside(target.FullName, null, "hup", "echo in"));
        await peer.Output.ExpectAsync("in");
        Assert.True(Stopwatch.GetElapsedTime(start).TotalSeconds < 5, $"{Stopwatch.GetElapsedTime(start)}"); // of the 10 s that a target has
        fuse.Kill();
        await fuse.WaitForExitAsync();
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_session_inside_goes_through_an_upgrade()
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare);
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup().With("attach-targets", "pid:*"));
        await using var peer = await SessionPeer.OpenAsync(router, Inside(target.FullName, "inside", "keep", "stty -echo; echo go; while read x; do echo \"<$x>\"; done; exit 5"));
        await peer.Output.ExpectAsync("go\r\n");

        await router.SignalAsync("USR2");
        await router.Log.ExpectAsync("upgraded; 1 session goes on");

        await peer.TypeAsync("still\n");
        await peer.Output.ExpectAsync("<still>");
        await peer.TypeAsync("\x04");
        Assert.Equal(5, (await peer.ExpectExitAsync()).Number("code"));
    }

    private static JsonObject Inside(string target, string? name, string onDisconnect, string line)
    {
        var open = Request.Open(name, command: ["/bin/sh", "-c", line], onDisconnect: onDisconnect);
        open["target"] = target;
        return open;
    }

    private static string Namespace(int pid) => new FileInfo($"/proc/{pid}/ns/pid").LinkTarget!;

    private static int[] Inside(RunningTarget target)
    {
        string space = Namespace(target.ProcessId);
        return [.. Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Select(name => int.Parse(name!, null)).Where(pid => ProcessFacts.IsAlive(pid) && NamespaceOf(pid) == space).Order()];
    }

    private static string? NamespaceOf(int pid)
    {
        try
        {
            return Namespace(pid);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
