namespace Forkpty.EndToEnd.Attach;

/// <summary>Those that a runtime, a service manager or a router starts.</summary>
public sealed partial class RunningTarget
{
    /// <summary>The user of a target: not root, and in a group more than its own.</summary>
    private const string User = "1000";

    private static string[] Podman => ["/usr/bin/podman", "--runtime", "runc", "--cgroup-manager=cgroupfs"];

    /// <summary>The words before a command that the runtime runs inside, without a terminal and with one.</summary>
    public (string[] Plain, string[] WithTerminal) Exec => _kind == TargetKind.Podman
        ? ([.. Podman, "exec", Name], [.. Podman, "exec", "-it", Name])
        : (["runc", "exec", Name], ["runc", "exec", "-t", Name]);

    private Task PodmanAsync(string first, string options) => ContainerAsync(
        "/usr/bin/podman",
        $"{string.Join(' ', Podman)} run -d --name {Name} --network none --ulimit nofile=1024:1024 --ulimit nproc=1000:1000 {options} --rootfs {Root.Path} {first}",
        $"podman inspect -f '{{{{.State.Pid}}}}' {Name}",
        $"podman rm -f -t 0 {Name}");

    /// <summary>crun starts nothing beside hierarchies of version 1: it sees no other than that of version 2.</summary>
    private Task OfBundleAsync(bool starts)
    {
        const string Change =
            "import json; c=json.load(open('config.json')); p=c['process']; p['terminal']=False; p['args']=['/bin/sleep','1000']; "
            + "p['user']={'uid':1000,'gid':1000,'additionalGids':[1500]}; c['root']={'path':'ROOT','readonly':False}; DEVICES"
            + "c['linux']['seccomp']={'defaultAction':'SCMP_ACT_ALLOW','syscalls':[{'names':['mkdir','mkdirat'],'action':'SCMP_ACT_ERRNO','errnoRet':1}]}; json.dump(c,open('config.json','w'))";
        var (runtime, alone) = _kind == TargetKind.Runc ? ("runc", "") : ("crun", $"unshare --mount sh {_directory.Write("alone", "umount -R /sys/fs/cgroup; mount -t cgroup2 none /sys/fs/cgroup; exec crun --cgroup-manager=cgroupfs \"$@\"")}");
        _directory.Write("change.py", Change.Replace("ROOT", Root.Path, StringComparison.Ordinal).Replace("DEVICES", alone.Length > 0 ? "del c['linux']['resources']; " : "", StringComparison.Ordinal));
        var manage = alone.Length > 0 ? alone : runtime;
        return ContainerAsync(
            _kind == TargetKind.Runc ? "/usr/sbin/runc" : "/usr/bin/crun",
            $"cd {_directory.Root} && {runtime} spec && python3 change.py && {manage} {(starts ? "run -d" : "create")} {Name}",
            $"{runtime} state {Name} | python3 -c 'import json,sys; print(json.load(sys.stdin)[\"pid\"])'",
            $"{manage} delete -f {Name}; {Removing(Name)}", // crun leaves its group where the last process is slow to go
            starts);
    }

    private async Task LxcAsync()
    {
        const string Filter = "/usr/share/lxc/config/common.seccomp";
        Directory.CreateDirectory(_directory[$"lxc/{Name}"]);
        _directory.Write($"lxc/{Name}/config", $"""
            lxc.uts.name = web
            lxc.rootfs.path = dir:{Root.Path}
            lxc.net.0.type = empty
            lxc.pty.max = 1024
            lxc.apparmor.profile = unconfined
            {(_kind == TargetKind.Lxc ? "lxc.cap.drop = mac_admin mac_override sys_time sys_module sys_rawio" : $"lxc.idmap = u 0 {FirstUser(_kind)} 65536\nlxc.idmap = g 0 {FirstUser(_kind)} 65536")}
            lxc.prlimit.nofile = 1024
            {(File.Exists(Filter) ? $"lxc.seccomp.profile = {Filter}" : "")}
            lxc.init.cmd = {Sleep}
            lxc.mount.auto = proc:mixed

            """);
        _directory.Write("ids", $"root:{FirstUser(_kind)}:65536\n");
        await Command.ShellAsync($"chmod 755 {_directory.Root} {_directory["lxc"]}"); // for its root to get there
        var own = _kind == TargetKind.Lxc ? "" : $"for file in /etc/subuid /etc/subgid; do mount --bind {_directory["ids"]} $file; done; "; // the machine's stay as they are
        var it = $"-P {_directory["lxc"]} -n {Name}";
        await ContainerAsync("/usr/bin/lxc-start", $"unshare --mount sh -c '{own}exec lxc-start {it} -o {_directory["lxc.log"]}' || {{ cat {_directory["lxc.log"]}; exit 1; }}", $"lxc-info {it} -pH", $"lxc-stop -k {it}");
    }

    private async Task ContainerAsync(string executable, string start, string pid, string end, bool starts = true)
    {
        Assert.SkipUnless(File.Exists(executable), $"{executable} is not installed");

        // Its streams are the container's: they must not keep the shell's pipes open.
        var log = _directory["log"];
        _end = () => Command.RunAsync(["/bin/bash", "-c", $"{{ {end}; }} </dev/null >/dev/null 2>&1"], within: Patience.Expectation);
        var started = await Command.RunAsync(["/bin/bash", "-c", $"{{ {start}; }} </dev/null >{log} 2>&1"], within: Patience.Expectation);
        if (started.Status != 0)
            Assert.Skip($"{_kind} does not start here: {(await File.ReadAllTextAsync(log)).Trim()}");
        ProcessId = int.Parse(await Command.ShellAsync(pid), null);
        if (starts)
            await Patience.UntilAsync(() => IsFirst(ProcessId), "the container's program in the place of the runtime's own");
    }

    private async Task MachineAsync()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/systemd-nspawn"), "systemd-container is not installed");
        await Command.ShellAsync($"mkdir -p {Root.Path}/usr && echo ID=x >{Root.Path}/etc/os-release");
        var users = _kind == TargetKind.Machine ? "" : $"--private-users={FirstUser(_kind)}:65536";
        await BeginAsync($"{Joining($"{Name}.slice")}\nexec choom -n 150 -- systemd-nspawn --quiet --register=no --keep-unit --private-network {users} --rlimit=RLIMIT_NOFILE=1024 -M {Name} -D {Root.Path} {Sleep} </dev/null >/dev/null", $"{Removing($"{Name}.slice")}; rmdir /run/systemd/nspawn/propagate/{Name}");
    }

    /// <summary>Shell lines that join a control group where systemd has its own: below / of version 2, and of some hierarchies of version 1.</summary>
    private static string Joining(string group) => $$"""
        for each in '' /systemd /unified /pids; do
            [ ! -e /sys/fs/cgroup$each/cgroup.procs ] || { mkdir -p /sys/fs/cgroup$each/{{group}} && echo 0 >/sys/fs/cgroup$each/{{group}}/cgroup.procs; } || exit
        done
        """;

    /// <summary>Shell lines that remove a control group with all below it, in whichever hierarchy it is, once nobody is in it.</summary>
    private static string Removing(string group) =>
        $"for i in $(seq 50); do find /sys/fs/cgroup -depth -type d \\( -name '{group}' -o -path '*/{group}/*' \\) -exec rmdir {{}} + 2>/dev/null; find /sys/fs/cgroup -name '{group}' | grep -q . || break; sleep 0.1; done";

    private async Task UnitAsync()
    {
        const string Limits = "LimitNOFILE=1024 LimitCORE=0 UMask=0027 OOMScoreAdjust=150 NoNewPrivileges=yes CapabilityBoundingSet=CAP_NET_BIND_SERVICE PrivateTmp=yes SystemCallFilter=~@clock SystemCallArchitectures=native";
        if (Directory.Exists("/run/systemd/system"))
        {
            await ContainerAsync(
                "/usr/bin/systemd-run",
                $"systemd-run --unit {Name} -p User={User} -p SupplementaryGroups=1500 {string.Join(' ', Limits.Split(' ').Select(limit => $"-p {limit}"))} {Sleep}",
                $"systemctl show -p MainPID --value {Name}",
                $"systemctl stop {Name}");
            return;
        }

        // Two filters that allow all but settimeofday and clock_settime, one each.
        const string Filters = """
            import ctypes, os, struct, sys
            libc = ctypes.CDLL(None, use_errno=True)
            for call in (164, 227):
                code = b"".join(struct.pack("HBBI", *each) for each in [(0x20, 0, 0, 0), (0x15, 0, 1, call), (0x06, 0, 0, 0x50001), (0x06, 0, 0, 0x7fff0000)])
                text = ctypes.create_string_buffer(code)
                assert libc.prctl(22, 2, struct.pack("HxxxxxxQ", 4, ctypes.addressof(text)), 0, 0) == 0, ctypes.get_errno()
            os.execv(sys.argv[1], sys.argv[1:])
            """;
        _directory.Write("filters.py", Filters);
        var service = _directory.Write("service", $$"""
            {{Joining($"{Name}.slice/{Name}.service")}}
            umask 027; cd /
            exec unshare --mount --propagation slave prlimit --nofile=1024:1024 --core=0:0 choom -n 150 -- \
                setpriv --reuid {{User}} --regid {{User}} --groups {{User}},1500 --no-new-privs --bounding-set -all,+net_bind_service --inh-caps -all \
                /usr/bin/python3 -S {{_directory["filters.py"]}} {{Sleep}}
            """);
        await Command.ShellAsync($"chmod 755 {_directory.Root}; chmod 644 {_directory["filters.py"]}");
        await BeginAsync($"sh {service} & wait", Removing($"{Name}.slice"));
    }

    private async Task JailAsync()
    {
        var setup = new RouterSetup
        {
            Options =
            [
                ("procname", Name), ("unshare", "fs,pid,ipc,uts,net"), ("exec-post-jail", $"mount -t proc proc {Root.Path}/proc"), ("exec-post-jail", $"mount -t tmpfs tmpfs {Root.Path}/dev"),
                ("exec-post-jail", $"mkdir {Root.Path}/dev/pts"), ("exec-post-jail", $"mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts {Root.Path}/dev/pts"),
                ("chroot", Root.Path), ("umask", "027"), ("uid", User), ("gid", User), ("add-gid", "1500"),
            ],
        };
        var router = await RouterProcess.StartAsync(RouterKind.Fpty, setup);
        _end = async () => await router.DisposeAsync();
        await Patience.UntilAsync(
            () => (ProcessId = ProcessFacts.Descendants(router.ProcessId).FirstOrDefault(pid => Arguments(pid).StartsWith($"{Name} __serve ", StringComparison.Ordinal))) != 0, "the router in its jail");
    }
}
