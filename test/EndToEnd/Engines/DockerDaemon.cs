using Forkpty.EndToEnd.Attach;

namespace Forkpty.EndToEnd.Engines;

/// <summary>A real dockerd, with a container <c>shop</c> of an image <c>fpty-test:7</c>: once for all tests of a class.</summary>
public sealed class DockerDaemon : IAsyncLifetime
{
    private PrivateMachine? _machine;
    private string _reason = "dockerd (docker.io) is not installed";

    /// <summary>The id of the container.</summary>
    public string Id { get; private set; } = "";

    /// <summary>The machine with the daemon; the test is skipped where there is none.</summary>
    public PrivateMachine Machine
    {
        get
        {
            Assert.SkipWhen(_machine is null, _reason);
            return _machine!;
        }
    }

    /// <summary>The words that run docker inside.</summary>
    public static string[] Docker(params string[] command) => ["/usr/bin/env", "HOME=/run", "/usr/bin/docker", "-H", "unix:///run/docker.sock", .. command];

    /// <summary>Starts a daemon in a machine, and imports the image.</summary>
    /// <returns>Null, or why it does not work here.</returns>
    public static async Task<string?> StartAsync(PrivateMachine machine, string options = "")
    {
        var failure = await machine.DaemonAsync(
            "dockerd --config-file /run/daemon.json --iptables=false --ip6tables=false --ip-forward=false --bridge=none --storage-driver=vfs --oom-score-adjust=0 "
            + $"--exec-opt native.cgroupdriver=cgroupfs --cgroup-parent=/{machine.Group} --default-ulimit nofile=1024:1024 {options}",
            "test -S /run/docker.sock && HOME=/run docker -H unix:///run/docker.sock version >/dev/null 2>&1",
            prepare: "echo '{\"deprecated-key-path\": \"/run/key.json\"}' >/run/daemon.json");
        if (failure is not null) return failure;
        using var root = await RootFileSystem.CreateAsync();
        await machine.ShellAsync($"{string.Join(' ', Docker("import", await machine.PackAsync(root), "fpty-test:7"))}");
        return null;
    }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (Environment.UserName != "root" || !File.Exists("/usr/sbin/dockerd")) return;
        var machine = await PrivateMachine.StartAsync();
        string? failure;
        try
        {
            failure = await StartAsync(machine);
            if (failure is null)
            {
                Id = await machine.ShellAsync(
                    string.Join(' ', Docker("run", "-d", "--name", "shop", "--network", "none", "--user", "1000", "--group-add", "1500", "-e", "PATH=/opt/tools:/bin", "-e", "SECRET=x", "fpty-test:7", "sleep", "1000")));
            }
        }
        catch (ExpectationException refused)
        {
            failure = refused.Message;
        }

        if (failure is null)
        {
            _machine = machine;
            return;
        }

        _reason = $"dockerd runs no container here: {failure}";
        await machine.DisposeAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_machine is not null)
            await _machine.DisposeAsync();
    }
}
