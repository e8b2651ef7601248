using Forkpty.EndToEnd.Attach;

namespace Forkpty.EndToEnd.Targets;

/// <summary>A container of a real runtime, which sleeps until it is removed. Where the runtime cannot start one here, the test is skipped and says which and why.</summary>
internal sealed class Container : IAsyncDisposable
{
    private static int _count;

    private readonly TempDirectory _directory;
    private readonly string _remove;

    private Container(RootFileSystem root, TempDirectory directory, string runtime, string name, string remove) => (Root, _directory, Runtime, Name, _remove) = (root, directory, runtime, name, remove);

    public RootFileSystem Root { get; }

    public string Runtime { get; }

    public string Name { get; }

    /// <summary>The name as fpty shows it.</summary>
    public string FullName => $"{Runtime}:{Name}";

    /// <summary>The words before a command that the runtime runs inside, without a terminal and with one.</summary>
    public (string[] Plain, string[] WithTerminal) Exec => Runtime == "podman"
        ? ([.. Podman, "exec", Name], [.. Podman, "exec", "-it", Name])
        : ([Runtime, "exec", Name], [Runtime, "exec", "-t", Name]);

    private static string[] Podman => ["/usr/bin/podman", "--runtime", "runc", "--cgroup-manager=cgroupfs"];

    public static async Task<Container> StartAsync(string runtime, string? name = null)
    {
        Assert.SkipUnless(Environment.UserName == "root", "containers of the machine need root");
        Assert.SkipUnless(File.Exists("/bin/busybox"), "busybox-static is not installed");
        RootFileSystem root = await RootFileSystem.CreateAsync();
        var directory = new TempDirectory();
        name ??= $"fpty-{Environment.ProcessId}-{Interlocked.Increment(ref _count)}";
        (string start, string remove) = runtime switch
        {
            "podman" => (
                $"{string.Join(' ', Podman)} run -d --name {name} --network none --ulimit nofile=1024:1024 --ulimit nproc=1000:1000 --rootfs {root.Path} sleep 1000",
                $"{string.Join(' ', Podman)} rm -f -t 0 {name}"),
            "lxc-start" => (
                $"mkdir -p {directory["lxc"]}/{name}; printf 'lxc.uts.name = web\\nlxc.rootfs.path = dir:{root.Path}\\nlxc.net.0.type = empty\\nlxc.apparmor.profile = unconfined\\nlxc.init.cmd = /bin/sleep 1000\\nlxc.mount.auto = proc:mixed\\n' >{directory["lxc"]}/{name}/config; lxc-start -P {directory["lxc"]} -n {name}",
                $"lxc-stop -k -P {directory["lxc"]} -n {name}"),
            "systemd-nspawn" => (
                $"mkdir -p {root.Path}/usr; echo ID=x >{root.Path}/etc/os-release; setsid systemd-nspawn --register=no --keep-unit --private-network -M {name} -D {root.Path} sleep 1000 </dev/null >{directory["log"]} 2>&1 & " +
                $"echo $! >{directory["pid"]}; for i in $(seq 100); do [ -n \"$(ps --ppid $! -o pid=)\" ] && exit 0; kill -0 $! || break; sleep 0.1; done; cat {directory["log"]}; exit 1",
                $"kill -TERM $(cat {directory["pid"]})"),
            _ => (
                $"mkdir {directory["bundle"]}; cd {directory["bundle"]}; runc spec; sed -i 's|\"terminal\": true|\"terminal\": false|; s|\"path\": \"rootfs\"|\"path\": \"{root.Path}\"|; s|\"readonly\": true|\"readonly\": false|; s|^\\t\\t\\t\"sh\"|\\t\\t\\t\"sleep\", \"1000\"|' config.json; {(runtime == "crun" ? OnlyUnifiedCgroups : "")} {runtime} {(runtime == "crun" ? "--cgroup-manager=disabled " : "")}run -d {name}{(runtime == "crun" ? "'" : "")}",
                $"{runtime} {(runtime == "crun" ? "--cgroup-manager=disabled " : "")}delete -f {name}"),
        };
        var result = await Command.RunAsync(["/bin/bash", "-c", $"{{ {start}; }} </dev/null >{directory["out"]} 2>&1"], within: TimeSpan.FromSeconds(20));
        if (result.Status != 0)
        {
            string why = File.Exists(directory["out"]) ? (await File.ReadAllTextAsync(directory["out"])).Trim() : "";
            await Command.RunAsync(["/bin/bash", "-c", $"{remove} >/dev/null 2>&1"]);
            root.Dispose();
            directory.Dispose();
            Assert.Skip($"{runtime} starts no container here: {why}");
        }

        if (runtime is "runc" or "crun")
        {
            string pid = await Command.ShellAsync($"{runtime} state {name} | grep -o '\"pid\": *[0-9]*' | head -n 1 | tr -dc 0-9");
            await RunningTarget.ExpectProgramAsync(int.Parse(pid, null));
        }

        return new Container(root, directory, runtime switch { "lxc-start" => "lxc", "systemd-nspawn" => "machine", _ => runtime }, name, remove);
    }

    public async ValueTask DisposeAsync()
    {
        await Command.RunAsync(["/bin/bash", "-c", $"{_remove} </dev/null >/dev/null 2>&1"], within: TimeSpan.FromSeconds(20));
        Root.Dispose();
        _directory.Dispose();
    }

    /// <summary>crun starts nothing beside hierarchies of version 1.</summary>
    private const string OnlyUnifiedCgroups = "unshare --mount sh -c 'umount -R /sys/fs/cgroup; mount -t cgroup2 none /sys/fs/cgroup; exec";
}
