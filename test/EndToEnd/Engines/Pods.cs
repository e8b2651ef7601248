namespace Forkpty.EndToEnd.Engines;

/// <summary>Pods of a real containerd, started through the interface that the kubelet uses.</summary>
public sealed class Pods(PodRuntime runtime) : IClassFixture<PodRuntime>
{
    [Fact(Timeout = Patience.HeavyTest)]
    public async Task The_containers_of_a_pod_and_its_sandbox_are_listed_with_namespace_pod_and_image()
    {
        var targets = await runtime.Machine.TargetsAsync();

        Assert.Equal(["k8s:shop/web-7/app", "k8s:shop/web-7/sandbox", "k8s:shop/web-7/side"], targets.Select(each => each.GetProperty("target").GetString()));
        Assert.Equal((runtime.Id, "fpty.test/box:7", "/bin/sleep 1001"), (targets[0].GetProperty("id").GetString(), targets[0].GetProperty("image").GetString(), targets[0].GetProperty("command").GetString()));
        Assert.All(targets, target => Assert.True(target.GetProperty("attach").GetBoolean(), target.ToString()));
    }

    [Theory(Timeout = Patience.HeavyTest)]
    [InlineData("k8s:shop/web-7/app")]
    [InlineData("k8s:web-7/app")]
    [InlineData("k8s:app")]
    [InlineData("web-7/app")]
    [InlineData("ID")]
    public async Task A_container_is_entered_by_as_much_of_its_name_as_is_needed(string name)
    {
        name = name.Replace("ID", runtime.Id.Length > 12 ? runtime.Id[..12] : "", StringComparison.Ordinal);

        var (status, output) = await runtime.Machine.AttachAsync(name, "tty; stty size; echo $PATH; cat /proc/1/cmdline; exit 7");

        Assert.Equal((7, "/dev/pts/0\n33 99\n/opt/tools:/bin\n/bin/sleep\01001\0"), (status, output));
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_pod_of_several_containers_asks_which_and_does_not_name_the_sandbox()
    {
        var (status, output) = await runtime.Machine.AttachAsync("k8s:web-7", "true");

        Assert.Equal((255, "fpty: attach k8s:web-7: more than one has this name; give one of k8s:shop/web-7/app, k8s:shop/web-7/side"), (status, output));
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task The_doctor_finds_nothing_and_the_sandbox_can_be_entered_too()
    {
        var doctor = await runtime.Machine.RunAsync(runtime.Machine.Fpty, "doctor", "k8s:shop/web-7/app");
        Assert.Equal((0, ""), (doctor.Status, doctor.Error));
        Assert.EndsWith("k8s:shop/web-7/app can be attached to: fpty attach k8s:shop/web-7/app\n", doctor.Output, StringComparison.Ordinal);

        Assert.Equal((0, "/bin/sleep\01000\0"), await runtime.Machine.AttachAsync("k8s:web-7/sandbox", "cat /proc/1/cmdline"));
    }
}
