using System.Text.Json;

namespace Forkpty.EndToEnd.Targets;

/// <summary>What an ordinary user, or root of a container, has others see of what is his. Each test has a /run/user of its own.</summary>
public sealed class OtherUsers
{
    private const int Uid = 61235;

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_container_of_another_user_is_entered_by_its_kind_and_name_alone()
    {
        string name = Attach.RunningTarget.NextName();
        var result = await RunAsync($$"""
            setpriv --reuid={{Uid}} --clear-groups sleep 100 & pid=$!
            until [ "$(stat -c %u /proc/$pid)" = {{Uid}} ]; do sleep 0.02; done
            mkdir -p /run/user/{{Uid}}/runc/{{name}}
            echo '{"init_process_pid":'$pid',"init_process_start":'$(cut -d ' ' -f 22 /proc/$pid/stat)'}' >/run/user/{{Uid}}/runc/{{name}}/state.json
            "$F" attach {{name}} -- id -u
            "$F" attach runc:{{name}} -- id -u
            kill $pid
            """);

        Assert.Equal($"{Uid}\n", result.Output);
        Assert.Equal(
            $"fpty: attach {name}: only other users have something of this name; if you mean one, give its kind too: runc:{name} (of user {Uid})\n"
            + $"fpty: runc:{name} is of user {Uid}, who has named it so; it is none of root's\n",
            result.Error);
    }

    [Theory(Timeout = Patience.HeavyTest)]
    [InlineData("")]
    [InlineData("/runc")]
    public async Task A_file_system_of_his_making_keeps_nobody_waiting(string place)
    {
        Assert.SkipUnless(File.Exists("/dev/fuse"), "there is no FUSE");
        using var directory = new TempDirectory();
        string script = directory.Write("fuse.py", """
            import ctypes, os, sys
            libc = ctypes.CDLL(None)
            fuse = os.open('/dev/fuse', os.O_RDWR)
            assert libc.mount(b'a,user_id=0,', sys.argv[1].encode(), b'fuse.hang', 0, b'fd=%d,rootmode=40000,user_id=61235,group_id=61235,allow_other' % fuse) == 0
            print('mounted', flush=True)
            while True: os.read(fuse, 1 << 17) # and no answer: then not even SIGKILL ends who waits
            """);

        var result = await RunAsync($"""
            mkdir -p /run/user/{Uid}/runc
            exec 3< <(exec /usr/bin/python3 {script} /run/user/{Uid}{place}); fuse=$!
            read -u 3 mounted
            "$F" ps >/dev/null & pid=$!
            for i in $(seq 100); do kill -0 $pid 2>/dev/null || break; sleep 0.1; done
            kill -0 $pid 2>/dev/null && echo hangs
            kill -KILL $fuse
            wait $pid; echo $mounted $?
            """);

        Assert.Equal("mounted 0\n", result.Output);
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task Root_of_a_container_names_nothing_of_the_machines()
    {
        const string Inside = """
            mount -t tmpfs tmpfs /mnt; cd /mnt
            cp "$(readlink -f /usr/bin/python3)" systemd-nspawn
            echo 'import threading, time; threading.Thread(target=time.sleep, args=(100,), daemon=True).start(); print("runs", flush=True); time.sleep(100)' >__serve
            echo 'import os, time; os.fork() and print("runs", flush=True); time.sleep(100)' >machine
            (exec -a "$NAME" ./systemd-nspawn __serve) & (exec -a x ./systemd-nspawn machine -M "$NAME") & wait
            """;
        string name = Attach.RunningTarget.NextName();
        using var directory = new TempDirectory();
        var result = await RunAsync($"""
            exec 3< <(NAME={name} exec unshare --mount --pid --fork --kill-child bash {directory.Write("inside", Inside)}); inside=$!
            read -u 3 one; read -u 3 other
            "$F" ps --json
            kill -KILL $inside; echo "// $one $other" >&2
            """);

        Assert.Equal("// runs runs\n", result.Error);
        Assert.DoesNotContain(JsonDocument.Parse(result.Output).RootElement.EnumerateArray(), element => element.TryGetProperty("target", out JsonElement target) && target.GetString()!.EndsWith($":{name}", StringComparison.Ordinal));
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task Whoever_is_in_as_many_groups_as_there_can_be_is_examined_as_others_are()
    {
        const string Groups = "import os, time; os.setgroups(range(4000000000, 4000065536)); print(os.getpid(), flush=True); time.sleep(100)";
        var result = await RunAsync($"""
            exec 3< <(exec /usr/bin/python3 -c '{Groups}')
            read -u 3 pid
            "$F" doctor $pid | grep -c 'ok *process'
            "$F" attach pid:$pid -- id
            kill $pid
            """);

        Assert.Equal("1\n", result.Output);
        Assert.Contains("with the 65536 groups of its user", result.Error, StringComparison.Ordinal);
    }

    private static Task<Command.Result> RunAsync(string script)
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root mounts, and becomes somebody else");
        return Command.RunAsync(
            ["/usr/bin/unshare", "--mount", "/bin/bash", "-c", $"mkdir -p /run/user; mount -t tmpfs tmpfs /run/user\n{script}"], environment: new Dictionary<string, string> { ["F"] = Binaries.Fpty });
    }
}
