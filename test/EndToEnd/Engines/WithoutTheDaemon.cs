namespace Forkpty.EndToEnd.Engines;

/// <summary>Containers go on where the daemon that started them is gone: they are found in what it has left in files.</summary>
public sealed class WithoutTheDaemon(DockerDaemon docker, PodRuntime pods) : IClassFixture<DockerDaemon>, IClassFixture<PodRuntime>
{
    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_container_of_docker_is_listed_and_entered()
    {
        await docker.Machine.ShellAsync("kill -KILL $(cat /run/docker.pid) $(cat /run/docker/containerd/containerd.pid)");
        Assert.NotEqual(0, (await docker.Machine.RunAsync(DockerDaemon.Docker("ps"))).Status);

        await ExpectAsync(docker.Machine, "docker:shop", "shop", "sleep 1000");
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_container_of_a_pod_is_listed_and_entered()
    {
        await pods.Machine.ShellAsync("kill -KILL $(pidof containerd)");
        Assert.NotEqual(0, (await pods.Machine.RunAsync("ctr", "version")).Status);

        await ExpectAsync(pods.Machine, "k8s:shop/web-7/app", "web-7/app", "/bin/sleep 1001");
    }

    private static async Task ExpectAsync(PrivateMachine machine, string fullName, string name, string command)
    {
        var target = Assert.Single(await machine.TargetsAsync(), target => target.GetProperty("target").GetString() == fullName);
        Assert.Equal((command, true), (target.GetProperty("command").GetString(), target.GetProperty("attach").GetBoolean()));
        Assert.Equal((7, $"/dev/pts/0\n{command.Replace(' ', '\0')}\0"), await machine.AttachAsync(name, "tty; cat /proc/1/cmdline; exit 7"));
    }
}
