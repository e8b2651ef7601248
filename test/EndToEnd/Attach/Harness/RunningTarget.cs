using System.Diagnostics;

namespace Forkpty.EndToEnd.Attach;

/// <summary>A container, or something like one, whose first process sleeps. Where this machine cannot start one, the test is skipped, and says which and why.</summary>
public sealed partial class RunningTarget : IAsyncDisposable
{
    private const string Sleep = "/bin/sleep 1000";
    private const string Wait = "/bin/wait";

    private static int _count;

    private readonly TempDirectory _directory = new();
    private readonly TargetKind _kind;
    private Func<Task> _end = static () => Task.CompletedTask;

    private RunningTarget(TargetKind kind, string name, RootFileSystem root) => (_kind, Name, Root) = (kind, name, root);

    /// <summary>As it was given to whatever runs it.</summary>
    public string Name { get; }

    /// <summary>The name by which fpty finds it: that of its kind, or <c>pid:N</c> for what is of none.</summary>
    public string FullName => _kind switch
    {
        TargetKind.Runc => $"runc:{Name}",
        TargetKind.Crun => $"crun:{Name}",
        TargetKind.Podman => $"podman:{Name}",
        TargetKind.Lxc or TargetKind.ShiftedLxc => $"lxc:{Name}",
        TargetKind.Machine or TargetKind.ShiftedMachine => $"machine:{Name}",
        TargetKind.Unit => $"systemd:{Name}.service",
        TargetKind.Jail => $"jail:{Name}",
        _ => $"pid:{ProcessId}",
    };

    /// <summary>The first process, as the host numbers it.</summary>
    public int ProcessId { get; private set; }

    /// <summary>Its root directory, from outside; a unit has that of the host.</summary>
    public RootFileSystem Root { get; }

    /// <summary>A name that no other target of this run has.</summary>
    public static string NextName() => $"fpty-{Environment.ProcessId}-{Interlocked.Increment(ref _count)}";

    /// <summary>Starts one, or skips the test with the reason for which this machine cannot.</summary>
    /// <param name="kind">How.</param>
    /// <param name="prepare">Of what unshare makes: shell lines that run in it before its first process, with mounts made and R its root.</param>
    /// <param name="shell">Whether it has a shell.</param>
    /// <param name="wrapper">A command that executes the first process.</param>
    /// <param name="options">More options of podman run.</param>
    /// <param name="starts">false for a container of runc that is made only.</param>
    /// <param name="name">Another one than the next.</param>
    public static async Task<RunningTarget> StartAsync(
        TargetKind kind, string prepare = "", bool shell = true, string wrapper = "", string options = "", bool starts = true, string? name = null)
    {
        Assert.SkipUnless(Environment.UserName == "root", "targets are made by root only");
        Assert.SkipUnless(File.Exists("/bin/busybox"), "busybox-static is not installed");
        var target = new RunningTarget(kind, name ?? NextName(), await RootFileSystem.CreateAsync(FirstUser(kind), shell));
        try
        {
            await (kind switch
            {
                TargetKind.Unshare or TargetKind.Mapped or TargetKind.Shifted => target.UnshareAsync(shell ? Sleep : Wait, prepare, wrapper),
                TargetKind.Bubblewrap => target.BubblewrapAsync(shell ? Sleep : Wait),
                TargetKind.Runc or TargetKind.Crun => target.OfBundleAsync(starts),
                TargetKind.Podman => target.PodmanAsync(shell ? Sleep : Wait, options),
                TargetKind.Lxc or TargetKind.ShiftedLxc => target.LxcAsync(),
                TargetKind.Machine or TargetKind.ShiftedMachine => target.MachineAsync(),
                TargetKind.Unit => target.UnitAsync(),
                _ => target.JailAsync(),
            });
            return target;
        }
        catch
        {
            await target.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends its first process, and with it all.</summary>
    public Task EndAsync() => Command.SignalAsync(ProcessId, "KILL");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end();
        Root.Dispose();
        _directory.Dispose();
    }

    private Task UnshareAsync(string first, string prepare, string wrapper)
    {
        var mounts = _directory.WriteScript("mounts", $"""
            R={Root.Path}
            mount -t proc proc $R/proc; mount -t tmpfs tmpfs $R/dev; mkdir $R/dev/pts
            mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts $R/dev/pts 2>/dev/null || mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts $R/dev/pts
            {prepare}
            exec {wrapper} chroot $R {first}
            """);
        const string All = "unshare --mount --pid --fork --uts --ipc --net --cgroup --time --kill-child";
        return BeginAsync(_kind switch
        {
            TargetKind.Unshare => $"exec {All} sh {mounts}",
            TargetKind.Mapped => $"exec {All} --user --map-root-user sh {mounts}",
            _ => $"""
                mkfifo {_directory["go"]}
                unshare --user --keep-caps sh -c 'read x < {_directory["go"]}; exec setpriv --reuid 0 --regid 0 --clear-groups {All} sh {mounts}' &
                until [ "$(readlink /proc/$!/ns/user)" != "$(readlink /proc/self/ns/user)" ]; do :; done
                echo "0 {FirstUser(_kind)} 65536" > /proc/$!/uid_map; echo "0 {FirstUser(_kind)} 65536" > /proc/$!/gid_map; echo > {_directory["go"]}
                wait
                """,
        });
    }

    private Task BubblewrapAsync(string first)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/bwrap"), "bubblewrap is not installed");
        return BeginAsync($"exec bwrap --unshare-all --die-with-parent --bind {Root.Path} / --proc /proc --dev /dev --uid 1000 --gid 1000 {first}");
    }

    /// <summary>Starts what stays the parent of the first process.</summary>
    private async Task BeginAsync(string line, string cleanUp = "")
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, RedirectStandardError = true };
        start.ArgumentList.Add(_directory.Write("start", line));
        var starter = Process.Start(start)!;
        var errors = starter.StandardError.ReadToEndAsync();
        _end = async () =>
        {
            if (ProcessId != 0)
                await EndAsync();
            starter.Kill(entireProcessTree: true);
            await starter.WaitForExitAsync();
            starter.Dispose();
            if (cleanUp.Length > 0)
                await Command.RunAsync(["/bin/bash", "-c", cleanUp]);
        };
        await Patience.UntilAsync(() => starter.HasExited || (ProcessId = ProcessFacts.Descendants(starter.Id).FirstOrDefault(IsFirst)) != 0, $"{_kind} starts");
        if (ProcessId == 0)
            Assert.Skip($"{_kind} does not start here: {(await errors).Trim()}");
    }

    /// <summary>Who its root is outside. systemd-nspawn takes multiples of 65536 only.</summary>
    private static int FirstUser(TargetKind kind) => kind switch
    {
        TargetKind.Shifted or TargetKind.ShiftedLxc => 100_000,
        TargetKind.ShiftedMachine => 1 << 20,
        _ => 0,
    };

    /// <summary>Whether a process is the target's own program, and not that of who starts it.</summary>
    private static bool IsFirst(int pid) => Arguments(pid) is Sleep or Wait;

    private static string Arguments(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").TrimEnd('\0').Replace('\0', ' ');
        }
        catch (IOException)
        {
            return ""; // ended meanwhile
        }
    }
}
