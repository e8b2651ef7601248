using System.Text.RegularExpressions;

namespace Forkpty.EndToEnd.Sessions;

public sealed class OnDisconnect
{
    // What a SIGHUP to the terminal's group does not end: all ignore it, some are in a session of their own, and one is a grandchild whose parent is gone. Only a control group holds
    // that one, and only what is forked after the session has been opened is in it for certain.
    private const string Tree = """
        trap '' HUP TERM
        read go
        setsid sleep 1001.ID &
        nohup sleep 1002.ID >/dev/null 2>&1 &
        (setsid sh -c 'sleep 1003.ID & wait' &)
        sleep 1004.ID &
        until [ $(ps -eo args | grep -c '^sleep 100[1-4].ID') -ge 4 ]; do :; done
        echo go
        cat
        """;

    [Theory(Timeout = Patience.Test)]
    [InlineData(null)]
    [InlineData("hup")]
    public async Task Hup_hangs_the_program_up(string? onDisconnect)
    {
        using var directory = new TempDirectory();
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.OpenAsync(
            router, Request.Open(shell: $"trap 'echo hung up >{directory["mark"]}; exit' HUP; echo go; read x; sleep 9", onDisconnect: onDisconnect)); // the kernel ends the input before it sends the signal
        Assert.Equal("hup", peer.Opened.Text("on-disconnect"));
        await peer.Output.ExpectAsync("go\r\n");

        await peer.LeaveAsync();

        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(peer.Pid), "the end of the program");
        Assert.Equal("hung up\n", await File.ReadAllTextAsync(directory["mark"]));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task The_routers_own_is_for_a_session_without_a_name_of_a_client_that_does_not_say()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup().With("forkptyrouter-on-disconnect", "keep=3"));
        await using var silent = await SessionPeer.OpenAsync(router, Request.Open(shell: "cat"));
        await using var named = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "cat"));
        await using var said = await SessionPeer.OpenAsync(router, Request.Open(shell: "cat", onDisconnect: "hup"));
        Assert.Equal("keep=3", silent.Opened.Text("on-disconnect"));
        Assert.Equal("keep", named.Opened.Text("on-disconnect"));
        Assert.Equal("hup", said.Opened.Text("on-disconnect"));

        await silent.LeaveAsync();
        await using var back = await SessionPeer.OpenAsync(router, Request.Attach(silent.Name));
        Assert.Equal(silent.Pid, back.Pid);
        await back.LeaveAsync();

        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(silent.Pid), "the end of the program");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Keep_leaves_it_running()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "echo go; while read x; do echo \"<$x>\"; done", onDisconnect: "keep"));
        await peer.Output.ExpectAsync("go\r\n");

        await peer.LeaveAsync();
        await using var other = await SessionPeer.ConnectAsync(router);
        await Patience.UntilAsync(() => router.Facts().Masters == 1, "the session");

        Assert.Single(await other.ListAsync());
        await using var back = await SessionPeer.OpenAsync(router, Request.Attach("work"));
        await back.TypeAsync("again\r");
        await back.Output.ExpectAsync("<again>\r\n");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Keep_for_a_second_hangs_it_up_after_that_and_not_before()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var other = await SessionPeer.ConnectAsync(router);
        await using var peer = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "cat", onDisconnect: "keep=1"));
        Assert.Equal("keep=1", peer.Opened.Text("on-disconnect"));
        long since = Environment.TickCount64;

        await peer.LeaveAsync();
        await other.ExpectSessionsAsync(0);

        Assert.InRange(Environment.TickCount64 - since, 950, (long)Patience.Expectation.TotalMilliseconds);
        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(peer.Pid), "the end of the program");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Who_comes_back_in_time_stops_the_clock()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var first = await SessionPeer.OpenAsync(router, Request.Open("first", shell: "cat", onDisconnect: "keep=3"));
        await using var second = await SessionPeer.OpenAsync(router, Request.Open("second", shell: "cat", onDisconnect: "keep=3"));
        await first.LeaveAsync();
        await using var back = await SessionPeer.OpenAsync(router, Request.Attach("first"));

        // The clock of the second one begins later: when it has run down, that of the first would have.
        await second.LeaveAsync();
        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(second.Pid), "the end of the second session");

        await back.TypeAsync("still here\r");
        await back.Output.ExpectAsync("still here\r\nstill here\r\n");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task The_clock_begins_with_the_last_driver()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var first = await SessionPeer.OpenAsync(router, Request.Open("first", shell: "cat", onDisconnect: "keep=1"));
        await using var other = await SessionPeer.OpenAsync(router, Request.Attach("first"));
        await using var second = await SessionPeer.OpenAsync(router, Request.Open("second", shell: "cat", onDisconnect: "keep=1"));
        await first.LeaveAsync();
        await other.ExpectAsync(PacketType.Notice, notice => notice.Text("event") == "left");

        // By the time the second session is hung up, the first would be.
        await second.LeaveAsync();
        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(second.Pid), "the end of the second session");

        await other.TypeAsync("still here\r");
        await other.Output.ExpectAsync("still here\r\nstill here\r\n");
        await other.LeaveAsync();
        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(first.Pid), "the end of the first session");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Who_only_looks_on_does_not_stop_the_clock()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.OpenAsync(router, Request.Open("work", shell: "cat", onDisconnect: "keep=1"));
        await peer.LeaveAsync();

        using var deadline = new CancellationTokenSource(Patience.Expectation);
        for (bool isThere = true; isThere;)
        {
            Assert.False(deadline.IsCancellationRequested, "the session is kept as long as somebody looks");
            await using var looker = await SessionPeer.ConnectAsync(router);
            await looker.SendAsync(PacketType.Open, Request.Attach("work", "viewer"));
            await Patience.UntilAsync(() => looker.Packets.Any(packet => packet.Type is PacketType.Opened or PacketType.Error), "an answer");
            isThere = looker.Packets[^1].Type != PacketType.Error;
        }
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Kill_ends_every_process_of_it(bool terminal)
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        bool isEnclosed = await ExpectKillToEndAllAsync(router, $"{Environment.ProcessId}{(terminal ? 1 : 0)}", terminal);

        Assert.Equal(await OwnGroupAsync() is { } group && await CanMakeGroupsAsync(group), isEnclosed);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task The_control_group_of_what_a_session_leaves_behind_goes_when_that_has_ended()
    {
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.OpenAsync(router, Request.Open(shell: "read go; setsid sleep 1000 & echo stray-$!-; read end", onDisconnect: "kill"));
        await peer.TypeAsync("\n");
        int stray = int.Parse((await peer.Output.ExpectAsync(new Regex(@"stray-(\d+)-"))).Groups[1].Value, null);
        string name = Path.GetFileName((await File.ReadAllTextAsync($"/proc/{stray}/cgroup")).TrimEnd().Split('\n')[^1]);
        Assert.SkipUnless(name.StartsWith("fpty-", StringComparison.Ordinal), "no control group can be made here");
        string group = $"{await OwnGroupAsync()}/{name}";

        await peer.TypeAsync("\n"); // the program ends by itself, and nobody asked for more
        await peer.ExpectExitAsync();
        Assert.True(ProcessFacts.IsAlive(stray));
        Assert.True(Directory.Exists(group));
        await Command.SignalAsync(stray, "KILL");

        await Patience.UntilAsync(() => !Directory.Exists(group), "the end of its control group");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task What_sessions_leave_behind_takes_none_of_the_descriptors_that_are_for_others()
    {
        const int Sessions = 40;
        string sleep = $"sleep 2000.{Environment.ProcessId}";
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup { Wrapper = ["/usr/bin/prlimit", "--nofile=40:40", "--"] });
        try
        {
            for (int i = 0; i < Sessions; i++)
            {
                await using var peer = await SessionPeer.OpenAsync(router, Request.Open(shell: $"trap '' HUP; read go; setsid {sleep} & exit 0", onDisconnect: "kill"));
                await peer.TypeAsync("\n");
                await peer.ExpectExitAsync();
            }

            Assert.Equal($"{Sessions}", await Command.ShellAsync($"pgrep -fxc '{sleep}'"));
        }
        finally
        {
            await Command.RunAsync(["/usr/bin/pkill", "-KILL", "-fx", sleep]);
        }

        await Patience.UntilAsync(async () => (await GroupsAsync()).Length == 0, "the end of their control groups");

        async Task<string[]> GroupsAsync() => await OwnGroupAsync() is { } own ? Directory.GetDirectories(own, $"fpty-{router.ServingProcessId}-*") : [];
    }

    /// <summary>The directory of the control group of version 2 that this process, and every router that it starts, is in; null where there is none.</summary>
    private static async Task<string?> OwnGroupAsync()
    {
        string path = await Command.ShellAsync("echo $(findmnt -n -t cgroup2 -o TARGET | head -n 1)$(sed -n 's/^0:://p' /proc/self/cgroup)");
        return Directory.Exists(path) ? path : null;
    }

    private static async Task<bool> CanMakeGroupsAsync(string own) =>
        (await Command.RunAsync(["/bin/sh", "-c", $"cd '{own}' && : >>cgroup.procs && mkdir try-{Environment.ProcessId} && rmdir try-{Environment.ProcessId}"])).Status == 0;

    [Theory(Timeout = Patience.Test)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_a_control_group_kill_ends_every_process_that_parentage_or_the_session_leads_to(bool terminal)
    {
        Assert.SkipUnless(Environment.UserName == "root", "mounts are changed by root only");
        const string ReadOnly = """
            while read -r _ _ _ _ point rest; do
                case $rest in *' - cgroup2 '*) mount -o remount,bind,ro "$point" || exit;; esac
            done </proc/self/mountinfo
            exec "$0" "$@"
            """;
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty, new RouterSetup { Wrapper = ["/usr/bin/unshare", "--mount", "/bin/sh", "-c", ReadOnly] });

        Assert.False(await ExpectKillToEndAllAsync(router, $"{Environment.ProcessId}{(terminal ? 3 : 2)}", terminal));
    }

    /// <returns>Whether the program had a control group.</returns>
    private static async Task<bool> ExpectKillToEndAllAsync(RouterProcess router, string id, bool terminal)
    {
        await using var peer = await SessionPeer.OpenAsync(router, Request.Open("work", shell: Tree.Replace("ID", id, StringComparison.Ordinal), onDisconnect: "kill", terminal: terminal));
        Assert.Equal("kill", peer.Opened.Text("on-disconnect"));
        bool isEnclosed = (await File.ReadAllTextAsync($"/proc/{peer.Pid}/cgroup")).Contains("/fpty-", StringComparison.Ordinal);
        await peer.TypeAsync("\n");
        await peer.Output.ExpectAsync("go");
        string held = isEnclosed ? "1-4" : "124";
        int[] tree = [.. (await Command.ShellAsync($"pgrep -fx 'sleep 100[{held}].{id}'")).Split('\n').Select(line => int.Parse(line, null))];
        Assert.Equal(isEnclosed ? 4 : 3, tree.Length);

        await peer.LeaveAsync();

        try
        {
            await Patience.UntilAsync(() => !tree.Append(peer.Pid).Any(ProcessFacts.IsAlive), "the end of every process");
        }
        finally
        {
            await Command.RunAsync(["/usr/bin/pkill", "-KILL", "-fx", $"sleep 100[1-4].{id}"]);
        }

        return isEnclosed;
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_session_without_a_terminal_is_hung_up_too()
    {
        using var directory = new TempDirectory();
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty);
        await using var peer = await SessionPeer.OpenAsync(
            router, Request.Open(shell: $"exec 2>/dev/null; trap 'echo hung up >{directory["mark"]}; exit' HUP; echo go; while :; do sleep 0.05; done", onDisconnect: "hup", terminal: false));
        await peer.Output.ExpectAsync("go\n");

        await peer.LeaveAsync();

        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(peer.Pid), "the end of the program");
        Assert.Equal("hung up\n", await File.ReadAllTextAsync(directory["mark"]));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task The_kernel_moves_a_program_into_its_group_while_no_lane_waits_for_that()
    {
        // It takes a grace period, 7 to 20 ms: on a lane, all other sessions would stand still.
        Assert.SkipUnless(File.Exists("/usr/bin/strace"), "strace is not installed");
        using var directory = new TempDirectory();
        var setup = new RouterSetup { Wrapper = ["/bin/sh", "-c", "exec strace -f -qq -o \"$0\" -e trace=openat \"$@\"", directory["trace"]] };
        await using var router = await RouterProcess.StartAsync(RouterKind.Fpty, setup);
        await using var peer = await SessionPeer.OpenAsync(router, Request.Open(shell: "echo go; cat", onDisconnect: "kill"));
        await peer.Output.ExpectAsync("go\r\n");
        Assert.SkipUnless((await File.ReadAllTextAsync($"/proc/{peer.Pid}/cgroup")).Contains("/fpty-", StringComparison.Ordinal), "no control group can be made here");

        int[] threads = [.. from line in await File.ReadAllLinesAsync(directory["trace"]) where line.Contains("cgroup.procs", StringComparison.Ordinal) select int.Parse(line.Split(' ')[0])];

        Assert.NotEmpty(threads);
        Assert.All(threads, thread => Assert.Equal("fpty-spawn", File.ReadAllText($"/proc/{thread}/comm").Trim()));
    }
}
