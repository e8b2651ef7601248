using Forkpty.EndToEnd.Attach;

namespace Forkpty.EndToEnd.Engines;

/// <summary>A real containerd as Kubernetes has it, with a pod <c>shop/web-7</c> of two containers, <c>app</c> and <c>side</c>: once for all tests of a class.</summary>
public sealed class PodRuntime() : Engine("/usr/bin/containerd", "containerd is not installed", "containerd runs no pod here")
{
    private const string Configuration = """
        version = 2
        oom_score = 0
        [grpc]
        address = "/run/containerd/containerd.sock"
        [plugins."io.containerd.grpc.v1.cri"]
        sandbox_image = "fpty.test/box:7"
        restrict_oom_score_adj = true
        [plugins."io.containerd.grpc.v1.cri".containerd]
        snapshotter = "native"
        """;

    /// <inheritdoc/>
    protected override Task<string?> StartEngineAsync(PrivateMachine machine)
    {
        machine.Directory.Write("config.toml", Configuration);
        return machine.DaemonAsync($"containerd --config {machine.Directory["config.toml"]}", "ctr version >/dev/null 2>&1 && ctr plugins ls | grep -q 'cri .*ok'", "");
    }

    /// <inheritdoc/>
    protected override async Task<string> StartContainerAsync(PrivateMachine machine)
    {
        using var root = await RootFileSystem.CreateAsync();
        await machine.PackAsync(root);
        await machine.ShellAsync($$$"""
            set -e; cd {{{machine.Directory.Root}}}
            sum=$(sha256sum root.tar | cut -d' ' -f1)
            echo '{"architecture":"amd64","os":"linux","config":{"Cmd":["/bin/sleep","1000"]},"rootfs":{"type":"layers","diff_ids":["sha256:'$sum'"]}}' >config.json
            echo '[{"Config":"config.json","RepoTags":["fpty.test/box:7"],"Layers":["root.tar"]}]' >manifest.json
            tar -cf image.tar manifest.json config.json root.tar
            ctr -n k8s.io images import --all-platforms image.tar
            """);
        using var kubelet = new CriClient(machine.PathOf("/run/containerd/containerd.sock"));
        var pod = CriClient.Pod("shop", "web-7", machine.Group);
        var sandbox = await kubelet.RunPodAsync(pod);
        var app = await kubelet.StartContainerAsync(sandbox, pod, "app", "fpty.test/box:7", "/bin/sleep", "1001");
        await kubelet.StartContainerAsync(sandbox, pod, "side", "fpty.test/box:7", "/bin/sleep", "1002");
        return app;
    }
}
