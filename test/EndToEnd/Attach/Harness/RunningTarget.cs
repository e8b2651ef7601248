using System.Diagnostics;

namespace Forkpty.EndToEnd.Attach;

/// <summary>A container, or something like one, whose first process sleeps.</summary>
public sealed class RunningTarget : IAsyncDisposable
{
    private readonly Process? _starter;
    private readonly string _end;
    private readonly TempDirectory _directory;

    private RunningTarget(Process? starter, int pid, string end, RootFileSystem root, TempDirectory directory) =>
        (_starter, ProcessId, _end, Root, _directory) = (starter, pid, end, root, directory);

    /// <summary>The first process, as the host numbers it.</summary>
    public int ProcessId { get; }

    /// <summary>Its root directory, from outside.</summary>
    public RootFileSystem Root { get; }

    /// <summary>Starts one, or skips the test with the reason for which this machine cannot.</summary>
    /// <param name="kind">How.</param>
    /// <param name="prepare">Shell lines that run in it before its first process, with mounts made and R its root.</param>
    /// <param name="shell">Whether it has a shell.</param>
    /// <param name="wrapper">A command that executes the first process.</param>
    /// <param name="options">More options of podman run.</param>
    /// <param name="starts">false for a container of runc that is made only.</param>
    public static async Task<RunningTarget> StartAsync(TargetKind kind, string prepare = "", bool shell = true, string wrapper = "", string options = "", bool starts = true)
    {
        Assert.SkipUnless(Environment.UserName == "root", "targets are made by root only");
        var root = await RootFileSystem.CreateAsync(kind == TargetKind.Shifted ? 100_000 : 0, shell);
        var directory = new TempDirectory();
        var first = shell ? "/bin/sleep 1000" : "/bin/wait";
        var mounts = directory.WriteScript("mounts", $"""
            R={root.Path}
            mount -t proc proc $R/proc; mount -t tmpfs tmpfs $R/dev; mkdir $R/dev/pts
            mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts $R/dev/pts 2>/dev/null || mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts $R/dev/pts
            {prepare}
            exec {wrapper} chroot $R {first}
            """);
        const string All = "unshare --mount --pid --fork --uts --ipc --net --cgroup --kill-child";
        switch (kind)
        {
            case TargetKind.Unshare:
                return await BeginAsync($"exec {All} sh {mounts}");
            case TargetKind.Mapped:
                return await BeginAsync($"exec {All} --user --map-root-user sh {mounts}");
            case TargetKind.Shifted:
                return await BeginAsync($"""
                    mkfifo {directory["go"]}
                    unshare --user --keep-caps sh -c 'read x < {directory["go"]}; exec setpriv --reuid 0 --regid 0 --clear-groups {All} sh {mounts}' &
                    until [ "$(readlink /proc/$!/ns/user)" != "$(readlink /proc/self/ns/user)" ]; do :; done
                    echo "0 100000 65536" > /proc/$!/uid_map; echo "0 100000 65536" > /proc/$!/gid_map; echo > {directory["go"]}
                    wait
                    """);
            case TargetKind.Bubblewrap:
                Assert.SkipUnless(File.Exists("/usr/bin/bwrap"), "bubblewrap is not installed");
                return await BeginAsync($"exec bwrap --unshare-all --die-with-parent --bind {root.Path} / --proc /proc --dev /dev --uid 1000 --gid 1000 {first}");
            case TargetKind.Runc:
                return await RuncAsync();
            default:
                Assert.SkipUnless(File.Exists("/usr/bin/podman"), "podman is not installed");
                var name = $"fpty-test-{Environment.ProcessId}-{Path.GetFileName(directory.Root)}";
                return await ContainerAsync(
                    $"podman --runtime runc --cgroup-manager=cgroupfs run -d --name {name} --network none --ulimit nofile=1024:1024 --ulimit nproc=1000:1000 {options} --rootfs {root.Path} {first}",
                    $"podman inspect -f '{{{{.State.Pid}}}}' {name}",
                    $"podman rm -f -t 0 {name}");
        }

        async Task<RunningTarget> RuncAsync()
        {
            Assert.SkipUnless(File.Exists("/usr/sbin/runc"), "runc is not installed");
            var name = $"fpty-test-{Environment.ProcessId}-{Path.GetFileName(directory.Root)}";
            const string Change =
                "import json; c=json.load(open('config.json')); p=c['process']; p['terminal']=False; p['args']=['/bin/sleep','1000']; "
                + "p['user']={'uid':1000,'gid':1000,'additionalGids':[1500]}; c['root']={'path':'ROOT','readonly':False}; "
                + "c['linux']['seccomp']={'defaultAction':'SCMP_ACT_ALLOW','syscalls':[{'names':['mkdir','mkdirat'],'action':'SCMP_ACT_ERRNO','errnoRet':1}]}; json.dump(c,open('config.json','w'))";
            directory.Write("change.py", Change.Replace("ROOT", root.Path, StringComparison.Ordinal));
            return await ContainerAsync(
                $"cd {directory.Root} && runc spec && python3 change.py && runc {(starts ? "run -d" : "create")} {name}",
                $"runc state {name} | python3 -c 'import json,sys; print(json.load(sys.stdin)[\"pid\"])'",
                $"runc delete -f {name}");
        }

        async Task<RunningTarget> ContainerAsync(string start, string pid, string end)
        {
            // Its streams are the container's: they must not keep the shell's pipes open.
            var log = directory["log"];
            var started = await Command.RunAsync(["/bin/bash", "-c", $"{start} </dev/null >{log} 2>&1"], within: TimeSpan.FromSeconds(20));
            if (started.Status != 0)
            {
                var reason = await File.ReadAllTextAsync(log);
                await Command.RunAsync(["/bin/bash", "-c", end]);
                root.Dispose();
                directory.Dispose();
                Assert.Skip($"{kind} does not start here: {reason.Trim()}");
            }

            var number = int.Parse(await Command.ShellAsync(pid), null);
            if (starts)
                await ExpectProgramAsync(number);
            return new RunningTarget(null, number, end, root, directory);
        }

        async Task<RunningTarget> BeginAsync(string line)
        {
            var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, RedirectStandardError = true };
            start.ArgumentList.Add(directory.Write("start", line));
            var starter = Process.Start(start)!;
            var errors = starter.StandardError.ReadToEndAsync();
            var pid = 0;
            await Patience.UntilAsync(() => starter.HasExited || (pid = FirstProcess(starter.Id)) != 0, $"{kind} starts");
            if (pid == 0)
            {
                var reason = await errors;
                root.Dispose();
                directory.Dispose();
                Assert.Skip($"{kind} does not start here: {reason.Trim()}");
            }

            return new RunningTarget(starter, pid, "", root, directory);
        }

        int FirstProcess(int starter) => ProcessFacts.Descendants(starter).FirstOrDefault(pid => CommandLine(pid) is "/bin/sleep\01000\0" or "/bin/wait\0");
    }

    /// <summary>Ends its first process, and with it all.</summary>
    public Task EndAsync() => Command.SignalAsync(ProcessId, "KILL");

    /// <summary>Waits until the first process of a container is its own program: the runtime has told of it while its own was still there.</summary>
    public static Task ExpectProgramAsync(int pid) => Patience.UntilAsync(
        () => File.ReadAllText($"/proc/{pid}/cmdline") is { Length: > 0 } line && !line.StartsWith("runc", StringComparison.Ordinal) && !line.StartsWith("crun", StringComparison.Ordinal),
        "the container's program in the place of the runtime's own");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_starter is not null)
        {
            await EndAsync();
            _starter.Kill(entireProcessTree: true);
            await _starter.WaitForExitAsync();
            _starter.Dispose();
        }

        if (_end.Length > 0)
            await Command.RunAsync(["/bin/bash", "-c", _end], within: TimeSpan.FromSeconds(20));
        Root.Dispose();
        _directory.Dispose();
    }

    private static string CommandLine(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }
}
