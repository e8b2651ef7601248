using Forkpty.EndToEnd.Attach;

namespace Forkpty.EndToEnd.Engines;

/// <summary>A real containerd as Kubernetes has it, with a pod <c>shop/web-7</c> of two containers, <c>app</c> and <c>side</c>: once for all tests of a class.</summary>
public sealed class PodRuntime : IAsyncLifetime
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

    private PrivateMachine? _machine;
    private string _reason = "containerd is not installed";

    /// <summary>The id of the container app.</summary>
    public string Id { get; private set; } = "";

    /// <summary>The machine with the runtime; the test is skipped where there is none.</summary>
    public PrivateMachine Machine
    {
        get
        {
            Assert.SkipWhen(_machine is null, _reason);
            return _machine!;
        }
    }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (Environment.UserName != "root" || !File.Exists("/usr/bin/containerd")) return;
        var machine = await PrivateMachine.StartAsync();
        machine.Directory.Write("config.toml", Configuration);
        var failure = await machine.DaemonAsync($"containerd --config {machine.Directory["config.toml"]}", "ctr version >/dev/null 2>&1 && ctr plugins ls | grep -q 'cri .*ok'", "");
        try
        {
            if (failure is null)
                await StartPodAsync(machine);
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

        _reason = $"containerd runs no pod here: {failure}";
        await machine.DisposeAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_machine is not null)
            await _machine.DisposeAsync();
    }

    private async Task StartPodAsync(PrivateMachine machine)
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
        Id = await kubelet.StartContainerAsync(sandbox, pod, "app", "fpty.test/box:7", "/bin/sleep", "1001");
        await kubelet.StartContainerAsync(sandbox, pod, "side", "fpty.test/box:7", "/bin/sleep", "1002");
    }
}
