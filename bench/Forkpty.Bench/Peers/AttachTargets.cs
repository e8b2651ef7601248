namespace Forkpty.Bench;

/// <summary>A container of runc and one of podman, both with a static busybox and a first process that sleeps; gone when disposed.</summary>
internal sealed class AttachTargets : IDisposable
{
    /// <summary>What podman needs on a machine without systemd.</summary>
    public static readonly string[] PodmanOptions = ["--runtime", "runc", "--cgroup-manager=cgroupfs"];

    /// <summary>Else a process of each exec would end 5 minutes later, in the midst of other figures.</summary>
    private const string PodmanSettings = "[engine]\nexit_command_delay = 0\n";

    private readonly TemporaryFolder _folder = new();

    public AttachTargets()
    {
        Name = $"fpty-bench-{Environment.ProcessId}";
        string root = _folder.PathOf("root");
        File.WriteAllText(_folder.PathOf("containers.conf"), PodmanSettings);
        Children.SetVariable("CONTAINERS_CONF", _folder.PathOf("containers.conf"));
        try
        {
            Shell($"""
                mkdir -p {root}/bin {root}/dev {root}/proc {root}/sys {root}/etc {root}/tmp && cp $(command -v busybox) {root}/bin/busybox
                for a in sh sleep; do ln -s busybox {root}/bin/$a; done
                printf 'root:x:0:0:root:/:/bin/sh\n' > {root}/etc/passwd
                cd {_folder.PathOf(".")} && runc spec
                sed -i 's|"terminal": true|"terminal": false|; s|"sh"|"/bin/sleep", "100000"|; s|"path": "rootfs"|"path": "{root}"|; s|"readonly": true|"readonly": false|' config.json
                runc run -d {Name} </dev/null >/dev/null 2>&1
                """);
            RuncProcess = Shell($"runc state {Name} | sed -n 's/.*\"pid\": \\([0-9]*\\).*/\\1/p'");
            Shell($"podman {string.Join(' ', PodmanOptions)} run -d --name {Name} --network none --ulimit nofile=1024:1024 --ulimit nproc=1000:1000 --rootfs {root} /bin/sleep 100000 </dev/null >/dev/null 2>&1");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What both containers are called.</summary>
    public string Name { get; }

    /// <summary>The first process of runc's.</summary>
    public string RuncProcess { get; }

    public void Dispose()
    {
        Children.Reap(Children.StartDetached(["/bin/sh", "-c", $"runc delete -f {Name}; podman rm -f -t 0 {Name}"], "/dev/null"));
        _folder.Dispose();
    }

    private string Shell(string line)
    {
        string output = _folder.PathOf("output");
        Children.Reap(Children.StartDetached(["/bin/sh", "-c", $"{{ {line}\n}} && echo fine"], output));
        string[] lines = File.ReadAllLines(output);
        File.Delete(output);
        return lines is [.., "fine"] ? string.Concat(lines[..^1]) : throw new BenchException($"no container starts here: {string.Join(' ', lines)}");
    }
}
