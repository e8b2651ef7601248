using System.Text.RegularExpressions;
using Forkpty.EndToEnd.Sessions;

namespace Forkpty.EndToEnd.RouterUpgrade;

public sealed class AbandonedGroups
{
    // Neither of the two ends by a hang-up, once it is what it is to be.
    private const string Strays = """
        stty -echo
        read go
        setsid sleep 1000 & one=$!
        nohup sleep 1000 >/dev/null 2>&1 & two=$!
        while :; do case $(cat /proc/$one/comm /proc/$two/comm) in sleep*sleep) break;; esac; done
        echo strays $one $two
        read end
        """;

    [Fact(Timeout = Patience.Test)]
    public async Task What_was_to_end_with_its_client_is_ended_by_the_router_after_the_one_that_was_killed_and_nothing_else_is()
    {
        // A control group of our own: a router of another test would do it too.
        var mount = await Command.ShellAsync("findmnt -n -t cgroup2 -o TARGET | head -n 1");
        Assert.SkipUnless(mount.Length > 0 && Environment.UserName == "root", "control groups of version 2 are made by root, where they are mounted");
        var around = $"{mount}/fpty-killed-{Environment.ProcessId}";
        await Command.ShellAsync($"mkdir {around}");
        int[] all = [];
        try
        {
            await using var manager = await ServiceManager.StartAsync(holds: false, around);
            await using var other = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup { Wrapper = ServiceManager.Into(around) });
            await using var lost = await SessionPeer.OpenAsync(manager.Address, Request.Open(shell: Strays, onDisconnect: "kill"));
            await using var held = await SessionPeer.OpenAsync(other, Request.Open(shell: Strays, onDisconnect: "kill"));
            await using var over = await SessionPeer.OpenAsync(manager.Address, Request.Open(shell: Strays, onDisconnect: "kill"));
            int[] strays = await StraysOfAsync(lost);
            int[] others = await StraysOfAsync(held);
            int[] left = await StraysOfAsync(over);
            all = [.. strays, .. others, .. left];
            Assert.Equal(3, Directory.GetDirectories(around).Length);
            await over.TypeAsync("\n");
            await over.ExpectExitAsync();
            await manager.SayAsync("kill");
            await manager.Log.ExpectAsync("killed");
            await Patience.UntilAsync(() => !ProcessFacts.IsAlive(lost.Pid), "the end of the program, by the hang-up");
            Assert.All(all, static stray => Assert.True(ProcessFacts.IsAlive(stray)));

            await manager.SayAsync("start");

            await manager.Log.ExpectAsync("ending what 1 session left behind when the router before this one was killed");
            await Patience.UntilAsync(() => !strays.Any(ProcessFacts.IsAlive), "the end of what it had started");
            await Patience.UntilAsync(() => Directory.GetDirectories(around).Length == 2, "the end of its group");
            Assert.All((int[])[.. others, .. left], static stray => Assert.True(ProcessFacts.IsAlive(stray)));
            await held.LeaveAsync();
            await Patience.UntilAsync(() => !others.Any(ProcessFacts.IsAlive), "the end of those of the other router");
            foreach (int stray in left)
                await Command.SignalAsync(stray, "KILL");
            await Patience.UntilAsync(() => Directory.GetDirectories(around).Length == 0, "the end of the group that was let go by the router that was killed");
        }
        finally
        {
            foreach (int stray in all.Where(ProcessFacts.IsAlive))
                await Command.SignalAsync(stray, "KILL");
            await Patience.UntilAsync(() => !all.Any(ProcessFacts.IsAlive), "the end of all");
            await Command.ShellAsync($"find {around} -depth -type d -exec rmdir {{}} +");
        }
    }

    private static async Task<int[]> StraysOfAsync(SessionPeer peer)
    {
        await peer.TypeAsync("\n");
        var found = await peer.Output.ExpectAsync(new Regex(@"strays (\d+) (\d+)\r"));
        return [int.Parse(found.Groups[1].Value, null), int.Parse(found.Groups[2].Value, null)];
    }
}
