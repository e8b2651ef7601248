namespace Forkpty.EndToEnd.Engines;

/// <summary>Containers of a real Docker.</summary>
public sealed class Docker(DockerDaemon daemon) : IClassFixture<DockerDaemon>
{
    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_container_is_listed_with_its_name_and_image_and_nothing_hinders_an_attach()
    {
        var target = Assert.Single(await daemon.Machine.TargetsAsync(), target => target.GetProperty("target").GetString() == "docker:shop");

        Assert.Equal((daemon.Id, "fpty-test:7", "sleep 1000", 1000), (target.GetProperty("id").GetString(), target.GetProperty("image").GetString(), target.GetProperty("command").GetString(), target.GetProperty("uid").GetInt32()));
        Assert.True(target.GetProperty("attach").GetBoolean(), target.ToString());
        var doctor = await daemon.Machine.RunAsync(daemon.Machine.Fpty, "doctor", "shop");
        Assert.Equal((0, ""), (doctor.Status, doctor.Error));
        Assert.EndsWith("docker:shop can be attached to: fpty attach docker:shop\n", doctor.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\nno ", doctor.Output, StringComparison.Ordinal);
    }

    [Theory(Timeout = Patience.HeavyTest)]
    [InlineData("docker:shop")]
    [InlineData("shop")]
    [InlineData("ID")]
    [InlineData("ID:12")]
    [InlineData("docker:ID:12")]
    public async Task It_is_entered_by_name_and_by_id_on_a_terminal_of_its_own(string name)
    {
        name = name.Replace("ID:12", daemon.Id.Length > 12 ? daemon.Id[..12] : "", StringComparison.Ordinal).Replace("ID", daemon.Id, StringComparison.Ordinal);

        var (status, output) = await daemon.Machine.AttachAsync(name, "tty; stty size; exec 3<>$(tty) && echo again; exit 7");

        Assert.Equal((7, "/dev/pts/0\n33 99\nagain"), (status, output));
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task The_program_is_what_docker_exec_would_have_started()
    {
        const string Facts = "id -u; id -g; id -G; echo $PATH; pwd; umask; cat /proc/self/cgroup; while read name value; do case $name in Cap*|NoNewPrivs:|Seccomp:) echo $name $value;; esac; done </proc/self/status";
        var docker = await daemon.Machine.RunAsync(DockerDaemon.Docker("exec", "shop", "sh", "-c", Facts));

        var (status, output) = await daemon.Machine.AttachAsync("docker:shop", Facts);

        Assert.Equal((0, docker.Output.TrimEnd('\n')), (status, output));
        Assert.Contains("\n/opt/tools:/bin\n", output, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_user_may_not_choose_which_programs_another_one_finds()
    {
        // PATH is in the memory of the first process, which is user 1000's: root does not go by it.
        Assert.Equal((0, "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"), await daemon.Machine.AttachAsync("docker:shop", "echo $PATH", ["--user", "root"]));
        Assert.Equal((0, "none"), await daemon.Machine.AttachAsync("docker:shop", "echo ${SECRET:-none}"));
    }

    /// <summary>examples/container/Containerfile, whose base is an image that is here already.</summary>
    [Fact(Timeout = Patience.HeavyTest)]
    public async Task The_examples_image_is_built_and_serves()
    {
        var machine = daemon.Machine;
        using var context = new TempDirectory();
        Directory.CreateDirectory(context["out/static"]);
        File.Copy(Binaries.StaticFpty, context["out/static/fpty"]);
        var container = Path.Combine(Binaries.Repository, "examples/container/Containerfile");
        await machine.ShellAsync(Line("tag", "fpty-test:7", "busybox:latest"));
        await machine.ShellAsync("export DOCKER_BUILDKIT=0; " + Line("build", "-f", container, "-t", "fpty-example", context.Root));
        await machine.ShellAsync(Line("run", "-d", "--name", "example", "--network", "none", "-v", $"{context.Root}/run:/run/fpty", "fpty-example"));

        await Patience.UntilAsync(async () => (await machine.RunAsync(DockerDaemon.Docker("logs", "example"))).Error.Contains("listening on", StringComparison.Ordinal), "the container's router");
        await using (var client = await SocketClient.ConnectAsync(context["run/fpty.usocket"], Wire.Uwsgi))
        {
            await client.TypeAsync("echo in $(cat /proc/1/comm) over-$((1+1))\r");
            await client.Output.ExpectAsync("in fpty over-2");
        }

        await machine.ShellAsync(Line("stop", "example")); // SIGTERM to its first process
        Assert.Equal("0", await machine.ShellAsync(Line("inspect", "-f", "'{{.State.ExitCode}}'", "example")));

        static string Line(params string[] command) => string.Join(' ', DockerDaemon.Docker(command));
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task With_users_of_their_own_containers_have_their_names_and_terminals_too()
    {
        _ = daemon.Machine; // where none starts at all, this one does not either
        await using var machine = await PrivateMachine.StartAsync();
        await machine.AddUserAsync("fpty-remap", 61235, 400_000);
        Assert.Null(await DockerDaemon.StartAsync(machine, "--userns-remap=fpty-remap"));
        await machine.ShellAsync(string.Join(' ', DockerDaemon.Docker("run", "-d", "--name", "mapped", "--network", "none", "fpty-test:7", "sleep", "1000")));

        Assert.Equal(400_000, Assert.Single(await machine.TargetsAsync(), target => target.GetProperty("target").GetString() == "docker:mapped").GetProperty("uid").GetInt32());
        Assert.Equal((7, "0\n/dev/pts/0\nagain"), await machine.AttachAsync("mapped", "id -u; tty; exec 3<>$(tty) && echo again; exit 7"));
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_paused_one_is_refused_with_dockers_own_remedy()
    {
        await daemon.Machine.ShellAsync(string.Join(' ', DockerDaemon.Docker("run", "-d", "--name", "still", "--network", "none", "fpty-test:7", "sleep", "1000")));
        await daemon.Machine.ShellAsync(string.Join(' ', DockerDaemon.Docker("pause", "still")));
        try
        {
            var doctor = await daemon.Machine.RunAsync(daemon.Machine.Fpty, "doctor", "docker:still");

            Assert.Equal(1, doctor.Status);
            Assert.Contains("→ let it go on, as with docker unpause still", doctor.Output, StringComparison.Ordinal);
        }
        finally
        {
            await daemon.Machine.RunAsync(DockerDaemon.Docker("rm", "-f", "still"));
        }
    }
}
