using Forkpty.EndToEnd.Attach;

namespace Forkpty.EndToEnd.Engines;

/// <summary>A real dockerd, with a container <c>shop</c> of an image <c>fpty-test:7</c>: once for all tests of a class.</summary>
public sealed class DockerDaemon() : Engine("/usr/sbin/dockerd", "dockerd (docker.io) is not installed", "dockerd runs no container here")
{
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
    protected override async Task<string?> StartEngineAsync(PrivateMachine machine)
    {
        try
        {
            return await StartAsync(machine);
        }
        catch (ExpectationException refused)
        {
            return refused.Message;
        }
    }

    /// <inheritdoc/>
    protected override Task<string> StartContainerAsync(PrivateMachine machine) => machine.ShellAsync(
        string.Join(' ', Docker("run", "-d", "--name", "shop", "--network", "none", "--user", "1000", "--group-add", "1500", "-e", "PATH=/opt/tools:/bin", "-e", "SECRET=x", "fpty-test:7", "sleep", "1000")));
}
