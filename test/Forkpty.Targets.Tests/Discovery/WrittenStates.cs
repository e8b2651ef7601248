using Xunit;

namespace Forkpty.Targets;

/// <summary>State files written by hand, as the documentation and the sources of runtimes describe them that do not start everywhere: Docker, Kubernetes, Incus, machined, systemd.</summary>
public sealed class WrittenStates
{
    private const string Id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("/docker/" + Id)]
    [InlineData("/system.slice/docker-" + Id + ".scope")]
    public void A_container_of_docker_has_name_and_image_from_its_description(string cgroup)
    {
        using var picture = new HostPicture();
        picture.Write($"/var/lib/docker/containers/{Id}/config.v2.json", $$"""{"State":{"Running":true,"Pid":300},"ID":"{{Id}}","Config":{"Image":"nginx:1.27","Env":["A=b"]},"Name":"/web","Mounts":[{"Name":"/other"}]}""");
        picture.Process(300, 7, cgroup);

        Target target = Assert.Single(picture.Host.List());

        Assert.Equal(("docker:web", "nginx:1.27", Id), (target.FullName, target.Image, target.Id));
    }

    [Theory]
    [InlineData("/var/lib/docker/165536.165536", "{}")] // userns-remap
    [InlineData("/mnt/docker", """{"log-driver":"none","data-root":"/mnt/docker/"}""")]
    [InlineData("/mnt/docker/1.2", """{"data-root":"/mnt/docker"}""")]
    public void Docker_may_keep_its_containers_elsewhere(string root, string configuration)
    {
        using var picture = new HostPicture();
        picture.Write("/etc/docker/daemon.json", configuration);
        picture.Write($"{root}/containers/{Id}/config.v2.json", $$"""{"State":{"Pid":300},"ID":"{{Id}}","Name":"/web"}""");
        picture.Process(300, 7, "/docker/" + Id);

        Assert.Equal("docker:web", Assert.Single(picture.Host.List()).FullName);
    }

    [Fact]
    public void The_sandbox_of_a_pod_is_meant_by_its_name_only()
    {
        using var picture = new HostPicture();
        string[] pod = ["io.kubernetes.cri.sandbox-name=web-7", "io.kubernetes.cri.sandbox-namespace=shop"];
        State(picture, "/run/containerd/runc/k8s.io", "aaaa1111", 300, 7, [.. pod, "io.kubernetes.cri.container-type=container", "io.kubernetes.cri.container-name=app"]);
        State(picture, "/run/containerd/runc/k8s.io", "bbbb1111", 301, 7, [.. pod, "io.kubernetes.cri.container-type=sandbox"]);
        picture.Process(300, 7);
        picture.Process(301, 7);

        Assert.All((string[])["k8s:web-7", "shop/web-7", "k8s:shop"], name => Assert.Equal(300, picture.Host.Find(name).ProcessId));
        Assert.All((string[])["k8s:sandbox", "web-7/sandbox", "k8s:bbbb1"], name => Assert.Equal(301, picture.Host.Find(name).ProcessId));
    }

    [Fact]
    public void A_container_of_a_pod_is_named_by_the_annotations_of_containerd()
    {
        using var picture = new HostPicture();
        State(picture, "/run/containerd/runc/k8s.io", Id, 300, 7, "io.kubernetes.cri.container-type=container", "io.kubernetes.cri.container-name=app", "io.kubernetes.cri.sandbox-name=web-7", "io.kubernetes.cri.sandbox-namespace=shop", "io.kubernetes.cri.image-name=shop:2");
        picture.Process(300, 7, $"/kubepods.slice/kubepods-burstable.slice/cri-containerd-{Id}.scope");

        Target target = Assert.Single(picture.Host.List());

        Assert.Equal(("k8s:shop/web-7/app", "shop:2"), (target.FullName, target.Image));
        Assert.All((string[])["k8s:web-7", "k8s:web-7/app", "shop/web-7/app", "k8s:app", "k8s:0123456789"], name => Assert.Equal(target with { Command = "" }, picture.Host.Find(name)));
    }

    [Theory]
    [InlineData("/run/runc", "podman", "runc:" + Id)]
    [InlineData("/run/runc", "libpod", "podman:" + Id)]
    [InlineData("/run/docker/runtime-runc/moby", "", "docker:" + Id)]
    [InlineData("/run/containerd/runc/default", "", "runc:" + Id)]
    [InlineData("/run/runc", "cri-o", "k8s:prod/crio/app")]
    public void Annotations_may_be_of_the_images_author_and_name_a_pod_where_its_runtime_keeps_its_state_alone(string place, string manager, string name)
    {
        using var picture = new HostPicture();
        State(picture, place, Id, 300, 7, "io.kubernetes.cri.sandbox-name=db", "io.kubernetes.cri.sandbox-namespace=prod", "io.kubernetes.pod.name=crio", "io.kubernetes.pod.namespace=prod", "io.kubernetes.container.name=app",
            $"io.container.manager={manager}", place == "/run/runc" ? "nerdctl/name=web" : "a=b");
        picture.Process(300, 7);

        Assert.Equal(name, Assert.Single(picture.Host.List()).FullName);

        picture.Write("/var/lib/containers/storage/vfs-containers/containers.json", $$"""[{"id":"{{Id}}","names":["shop"]}]""");
        Assert.Equal(manager == "cri-o" ? name : "podman:shop", Assert.Single(picture.Host.List()).FullName);
    }

    [Theory]
    [InlineData("/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod1.slice/cri-containerd-" + Id + ".scope")]
    [InlineData("/kubepods/burstable/pod1/" + Id)]
    [InlineData("/kubepods.slice/kubepods-pod1.slice/crio-" + Id + ".scope/container")]
    public void A_container_of_a_pod_is_found_by_its_control_group_and_its_log(string cgroup)
    {
        using var picture = new HostPicture();
        picture.Write($"/var/log/containers/web-7_shop_app-{Id}.log", "");
        picture.Process(300, 7, cgroup);
        picture.Process(301, 8, cgroup, "worker");

        Target target = Assert.Single(picture.Host.List());

        Assert.Equal(("k8s:shop/web-7/app", 300), (target.FullName, target.ProcessId));
    }

    [Theory]
    [InlineData("/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0a1b_22.slice/cri-containerd-" + Id + ".scope")]
    [InlineData("/kubepods.slice/kubepods-pod0a1b_22.slice/crio-" + Id + ".scope")]
    [InlineData("/podman-1.scope/kubepods/burstable/pod0a1b-22/" + Id)]
    public void A_container_of_a_pod_whose_log_alone_is_there_is_named_by_its_pod(string cgroup)
    {
        using var picture = new HostPicture();
        string sandbox = Id[1..] + "0";
        picture.Write("/var/log/pods/shop_web-6_0a1b-21/other/0.log", "");
        picture.Write("/var/log/pods/shop_web-7_0a1b-22/app/0.log", "");
        picture.Process(299, 6, cgroup.Replace(Id, sandbox, StringComparison.Ordinal), "/pause");
        picture.Process(300, 7, cgroup);

        Assert.Equal(["k8s:shop/web-7/app", "k8s:shop/web-7/sandbox"], picture.Host.List().Select(target => target.FullName));
        Assert.Equal(300, picture.Host.Find("web-7").ProcessId);

        picture.Write("/var/log/pods/shop_web-7_0a1b-22/init/0.log", ""); // whose id it is nothing tells
        Assert.Equal([$"k8s:shop/web-7/{Id}", "k8s:shop/web-7/sandbox"], picture.Host.List().Select(target => target.FullName));
    }

    [Theory]
    [InlineData("[lxc monitor] /var/lib/lxc web", "lxc:web")] // recorded from LXC 5.0
    [InlineData("[lxc monitor] /var/lib/incus/containers web", "incus:web")]
    [InlineData("[lxc monitor] /var/snap/lxd/common/lxd/containers web", "incus:web")]
    public void A_container_of_lxc_is_found_by_its_control_group_and_named_by_its_monitor(string monitor, string name)
    {
        using var picture = new HostPicture();
        picture.Process(200, 5, "/lxc.monitor.web", monitor, pids: HostPicture.OwnPids);
        picture.Process(300, 7, "/lxc.payload.web", parent: 200);
        picture.Process(301, 8, "/lxc.payload.web/init.scope", parent: 300);

        Target target = Assert.Single(picture.Host.List());

        Assert.Equal((name, 300), (target.FullName, target.ProcessId));
    }

    [Fact]
    public void A_machine_is_found_where_machined_writes_it_down()
    {
        using var picture = new HostPicture();
        picture.Write("/run/systemd/machines/deb", "# This is private data. Do not parse.\nNAME=deb\nSCOPE=machine-deb.scope\nCLASS=container\nROOT=/var/lib/machines/deb\nLEADER=300\nMONOTONIC=9000000000\n");
        picture.Write("/run/systemd/machines/virtual", "NAME=virtual\nCLASS=vm\nLEADER=301\n");
        picture.Process(300, 7);
        picture.Process(301, 7);

        Target target = Assert.Single(picture.Host.List());

        Assert.Equal(("machine:deb", "/var/lib/machines/deb"), (target.FullName, target.Image));
    }

    [Fact]
    public void A_unit_is_its_oldest_process_and_is_asked_for_last()
    {
        using var picture = new HostPicture();
        picture.Process(300, 7, "/system.slice/nginx.service", "nginx: master");
        picture.Process(250, 8, "/system.slice/nginx.service", "nginx: worker");

        Assert.Empty(picture.Host.List());
        Assert.Equal("systemd:nginx.service", Assert.Single(picture.Host.List(units: true)).FullName);
        Assert.All((string[])["systemd:nginx", "nginx.service", "unit:nginx", "nginx"], name => Assert.Equal(300, picture.Host.Find(name).ProcessId));

        State(picture, "/run/runc", "nginx", 400, 9);
        picture.Process(400, 9, "/nginx");
        Assert.Equal(400, picture.Host.Find("nginx").ProcessId);
    }

    [Theory]
    [InlineData("fpty __serve 3", "jail:300")]
    [InlineData("shop __serve 3", "jail:shop")]
    public void A_jail_is_a_router_in_other_namespaces(string command, string name)
    {
        using var picture = new HostPicture();
        picture.Process(1, 1, command: "init", pids: HostPicture.OwnPids);
        picture.Process(300, 7, command: command);
        picture.Process(301, 8, command: command, pids: HostPicture.OwnPids);
        picture.Program(300, "/usr/bin/fpty");
        picture.Program(301, "/usr/bin/fpty");

        Assert.Equal(name, Assert.Single(picture.Host.List()).FullName);
        Assert.Equal(300, picture.Host.Find("jail:300").ProcessId);
    }

    [Fact]
    public void A_machine_that_is_registered_nowhere_is_named_by_its_monitor()
    {
        using var picture = new HostPicture();
        picture.Process(200, 5, command: "systemd-nspawn --register=no -D /srv/deb sleep 5", pids: HostPicture.OwnPids);
        picture.Process(300, 7, parent: 200);
        picture.Program(200, "/usr/bin/systemd-nspawn");

        Assert.Equal(("machine:deb", "/srv/deb"), (Assert.Single(picture.Host.List()).FullName, picture.Host.Find("deb").Image));
    }

    internal static void State(HostPicture picture, string place, string id, int pid, ulong start, params string[] labels) =>
        picture.Write($"{place}/{id}/state.json", $$"""{"id":"{{id}}","init_process_pid":{{pid}},"init_process_start":{{start}},"config":{"rootfs":"/srv/{{id}}","labels":[{{string.Join(',', labels.Select(label => $"\"{label}\""))}}] } }""");
}
