using Forkpty.EndToEnd.Attach;

namespace Forkpty.EndToEnd.Engines;

/// <summary>A machine with a user who is nobody special, ids of whose own are 300000 and on, and a directory for what he runs: once for all tests of a class.</summary>
public sealed class OrdinaryUser : IAsyncLifetime
{
    private const int Uid = 61234;

    private PrivateMachine? _machine;
    private RootFileSystem? _root;

    /// <summary>The machine; the test is skipped where there is none.</summary>
    public PrivateMachine Machine
    {
        get
        {
            Assert.SkipWhen(_machine is null, "only root can become somebody else");
            return _machine!;
        }
    }

    /// <summary>The words that run a command as the user, with nothing of root's.</summary>
    public static string[] User =>
    [
        "/usr/bin/setpriv", $"--reuid={Uid}", $"--regid={Uid}", "--clear-groups", "/usr/bin/env", "-i", "-C", "/run/home", "HOME=/run/home", $"XDG_RUNTIME_DIR=/run/user/{Uid}", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm",
    ];

    /// <summary>The words that run podman as the user.</summary>
    public static string[] Podman(string runtime) => [.. User, "podman", "--log-level=error", "--runtime", runtime, "--cgroup-manager=cgroupfs", "--storage-driver", "vfs"];

    /// <summary>The root directory for what the user runs, which is his.</summary>
    public string Root => _root!.Path;

    /// <summary>Runs a container of podman as the user, or skips the test.</summary>
    public async Task<string> RunAsync(string runtime, string name, string options = "")
    {
        Assert.SkipUnless(File.Exists("/usr/bin/podman") && File.Exists("/usr/bin/newuidmap"), "podman or uidmap is not installed");
        var line = $"{string.Join(' ', Podman(runtime))} run -d --name {name} --network none {options} --rootfs {Root} sleep 1000";
        try
        {
            await Machine.ShellAsync(line);
        }
        catch (ExpectationException refused)
        {
            Assert.Skip($"podman of an ordinary user starts no container with {runtime} here: {refused.Message}");
        }

        return name;
    }

    /// <summary>Starts something as the user whose first process sleeps, and gives that one's number in the machine; or skips the test.</summary>
    /// <param name="line">The shell line, that executes <c>sleep SECONDS</c> in the end.</param>
    /// <param name="seconds">By which it is found.</param>
    /// <param name="before">What root does first in the process that becomes it.</param>
    public async Task<string> StartAsync(string line, int seconds, string before = "")
    {
        Machine.Directory.Write($"start-{seconds}", line);
        await Machine.ShellAsync($"({before} exec setsid {string.Join(' ', User)} sh {Machine.Directory[$"start-{seconds}"]} </dev/null >{Machine.Directory["log"]} 2>&1) & :");
        var pid = "";
        try
        {
            await Patience.UntilAsync(() => (pid = Machine.RunAsync("pgrep", "-x", "-f", $"/?[a-z/]*sleep {seconds}").Result.Output.Trim()).Length > 0, "it starts", TimeSpan.FromSeconds(10));
        }
        catch (ExpectationException)
        {
            Assert.Skip($"an ordinary user does not start `{line}` here: {await File.ReadAllTextAsync(Machine.Directory["log"])}");
        }

        return pid;
    }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (Environment.UserName != "root") return;
        var machine = await PrivateMachine.StartAsync();
        // crun starts nothing beside hierarchies of version 1.
        await machine.ShellAsync($"""
            set -e
            umount -R /sys/fs/cgroup; mount -t cgroup2 none /sys/fs/cgroup
            mkdir -p /run/home /run/user/{Uid}; chmod 700 /run/user/{Uid}; chown {Uid}:{Uid} /run/home /run/user/{Uid}
            """);
        await machine.AddUserAsync("fpty-user", Uid, 300_000);
        _root = await RootFileSystem.CreateAsync(Uid);
        _machine = machine;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_machine is not null)
            await _machine.DisposeAsync();
        _root?.Dispose();
    }
}
