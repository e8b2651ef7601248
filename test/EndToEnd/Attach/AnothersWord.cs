namespace Forkpty.EndToEnd.Attach;

/// <summary>Names that only a user of this machine gives, and what the first process of a target sets up for itself: neither decides for somebody else.</summary>
public sealed class AnothersWord
{
    private const string AsSomebody = "setpriv --reuid=4242 --regid=4242 --clear-groups --";

    /// <summary>In a machine of its own as far as /run goes: user 4242 has written the state of a container, web, whose first process is one of his.</summary>
    private const string WithHisContainer = $$$"""
        set -e
        mount -t tmpfs tmpfs /run
        mkdir -p /run/user/4242/runc/web
        {{{AsSomebody}}} PROGRAM >/dev/null 2>&1 &
        pid=$!
        until [ "$(ps -o comm= $pid)" = sleep ]; do sleep 0.01; done
        start=$(awk '{ sub(/.*\) /, ""); print $20 }' /proc/$pid/stat)
        echo '{"id":"web","init_process_pid":'$pid',"init_process_start":'$start',"config":{"rootfs":"/x","labels":["io.container.manager=libpod"]}}' >/run/user/4242/runc/web/state.json
        chown -R 4242:4242 /run/user/4242
        trap 'kill $pid' EXIT
        set +e
        $FPTY ps --quiet | grep '^podman:web$'
        """;

    [Theory(Timeout = Patience.HeavyTest)]
    [InlineData("", "4242")]
    [InlineData("--user 4242", "4242")]
    [InlineData("--user root", "255")]
    [InlineData("--user root --privileged", "255")]
    public async Task A_process_of_this_machine_that_only_its_user_calls_a_container_is_entered_as_nobody_but_him(string options, string printed)
    {
        var result = await RunAsync(WithHisContainer.Replace("PROGRAM", "sleep 1000", StringComparison.Ordinal) + $"\n$FPTY attach podman:web {options} -- id -u || echo $?");

        Assert.Equal($"podman:web\n{printed}\n", result.Output);
        Assert.Equal(
            printed == "255",
            result.Error.Contains("is called podman:web by user 4242 alone, and is in no user namespace of its own: only as that user can it be entered", StringComparison.Ordinal));
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_group_that_his_process_has_from_its_programs_file_is_not_for_who_enters_it()
    {
        var script = WithHisContainer.Replace("--regid=4242", "--rgid=4242 --egid=42", StringComparison.Ordinal).Replace("PROGRAM", "sleep 1000", StringComparison.Ordinal);

        var result = await RunAsync(script + "\n$FPTY attach podman:web -- id -g || echo $?");

        Assert.Equal("podman:web\n255\n", result.Output);
        Assert.Contains(" is not of user 4242, who calls it podman:web, or not any more; nothing was started", result.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task In_a_user_namespace_of_his_making_it_has_users_of_its_own()
    {
        var result = await RunAsync(WithHisContainer.Replace("PROGRAM", "unshare --user --map-root-user sleep 1000", StringComparison.Ordinal) + "\n$FPTY attach podman:web --user root -- sh -c 'echo $(id -u) $(cat /proc/self/uid_map)'");

        Assert.Equal("podman:web\n0 0 4242 1\n", result.Output);
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task Umask_personality_and_directory_of_an_ordinary_first_process_are_not_those_of_root()
    {
        var result = await RunAsync($$"""
            {{AsSomebody}} sh -c 'umask 0; cd /tmp; exec setarch -R sleep 1000' >/dev/null 2>&1 &
            pid=$!
            until [ "$(ps -o comm= $pid)" = sleep ]; do sleep 0.01; done
            for user in 0 4242; do $FPTY attach $pid --user $user -- sh -c 'umask; pwd; cat /proc/self/personality'; done
            kill $pid
            """);

        Assert.Equal("0022\n/root\n00000000\n0000\n/tmp\n00040000\n", result.Output);
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_root_directory_that_has_no_path_here_is_the_programs_too()
    {
        using var directory = new TempDirectory();
        var result = await RunAsync($$"""
            mount -t tmpfs tmpfs {{directory.Root}}
            mkdir {{directory.Root}}/bin; cp $(command -v busybox) {{directory.Root}}/bin/busybox; ln -s busybox {{directory.Root}}/bin/sh; ln -s busybox {{directory.Root}}/bin/sleep
            chroot {{directory.Root}} /bin/sleep 1000 >/dev/null 2>&1 &
            pid=$!
            until [ "$(ps -o comm= $pid)" = sleep ]; do sleep 0.01; done
            umount --lazy {{directory.Root}}
            $FPTY attach $pid -- /bin/sh -c 'echo /*'
            kill $pid
            """);

        Assert.Equal("/bin\n", result.Output);
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task From_within_a_user_namespace_its_other_processes_are_entered()
    {
        var result = await RunAsync($"cp $FPTY /run/fpty; cd /; {AsSomebody} unshare --user --map-root-user --pid --fork --mount-proc sh -c 'sleep 1000 >/dev/null 2>&1 & /run/fpty attach $! -- id -u'", "mount -t tmpfs tmpfs /run\n");

        Assert.Equal("0\n", result.Output);
    }

    private static async Task<Command.Result> RunAsync(string script, string before = "")
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root can become somebody else");
        return await Command.RunAsync(["/usr/bin/unshare", "--mount", "/bin/bash", "-c", before + script], environment: new Dictionary<string, string> { ["FPTY"] = Binaries.Fpty });
    }
}
