using Xunit;

namespace Forkpty.Targets;

/// <summary>State files as real runtimes wrote them: see Recorded.</summary>
public sealed class RecordedStates
{
    internal const string PodmanId = "a647ee1349e983c68fd3e3faea27f50cbed6c91900946f7b25ed13c4d13391f7";

    [Fact]
    public void A_container_of_runc_is_found_by_its_state()
    {
        using var picture = new HostPicture();
        picture.Write("/run/runc/web-1/state.json", HostPicture.Recorded("runc-state.json"));
        picture.Process(4733, 2404534);

        Target target = Assert.Single(picture.Host.List());

        Assert.Equal("runc:web-1", target.FullName);
        Assert.Equal((4733, 2404534UL), (target.ProcessId, target.StartTime));
        Assert.Equal(("/srv/rootfs", "sleep 1000"), (target.Image, target.Command));
    }

    [Fact]
    public void A_container_of_crun_is_found_by_its_status()
    {
        using var picture = new HostPicture();
        picture.Write("/run/crun/web-1/status", HostPicture.Recorded("crun-status.json"));
        picture.Write("/run/crun/web-1/config.json", HostPicture.Recorded("crun-config.json"));
        picture.Process(5137, 2409098);

        Assert.Equal("crun:web-1", Assert.Single(picture.Host.List()).FullName);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_container_of_podman_has_its_name_from_the_storage(bool hasRuntimeState)
    {
        using var picture = new HostPicture();
        picture.Write("/var/lib/containers/storage/overlay-containers/containers.json", HostPicture.Recorded("podman-containers.json"));
        if (hasRuntimeState)
            picture.Write($"/run/runc/{PodmanId}/state.json", HostPicture.Recorded("podman-runc-state.json"));
        else
            picture.Write($"/run/containers/storage/overlay-containers/{PodmanId}/userdata/pidfile", "4646");
        picture.Process(4646, 2404404, $"/libpod_parent/libpod-{PodmanId}");

        Target target = Assert.Single(picture.Host.List());

        Assert.Equal(("podman:web", PodmanId), (target.FullName, target.Id));
        Assert.Equal(4646, picture.Host.Find("a647ee").ProcessId);
    }

    [Fact]
    public void A_pid_file_that_stayed_behind_does_not_make_another_process_a_container()
    {
        using var picture = new HostPicture();
        picture.Write("/var/lib/containers/storage/overlay-containers/containers.json", HostPicture.Recorded("podman-containers.json"));
        picture.Write($"/run/containers/storage/overlay-containers/{PodmanId}/userdata/pidfile", "4646");
        picture.Process(4646, 9999999, "/system.slice/sshd.service");

        Assert.Empty(picture.Host.List());
    }

    [Fact]
    public void A_number_that_another_process_has_by_now_is_no_container()
    {
        using var picture = new HostPicture();
        picture.Write("/run/runc/web-1/state.json", HostPicture.Recorded("runc-state.json"));
        picture.Process(4733, 2404535);

        Assert.Empty(picture.Host.List());
    }

    [Fact]
    public void However_much_of_a_state_file_is_written_the_others_are_listed()
    {
        using var picture = new HostPicture();
        string whole = HostPicture.Recorded("runc-state.json");
        picture.Write("/run/crun/web-1/status", HostPicture.Recorded("crun-status.json"));
        picture.Process(5137, 2409098);
        picture.Process(4733, 2404534);

        for (int length = 0; length < whole.Length; length += 97)
        {
            picture.Write("/run/runc/half/state.json", whole[..length]);
            Assert.Equal("crun:web-1", Assert.Single(picture.Host.List()).FullName);
        }
    }

    [Theory(Timeout = 30_000)]
    [InlineData("mkfifo state.json")]
    [InlineData("mkdir state.json")]
    [InlineData("ln -s /dev/zero state.json")]
    [InlineData("truncate -s 1T state.json")]
    [InlineData("head -c 100000 /dev/zero | tr '\\0' '[' >state.json")]
    [InlineData("head -c 100000 /dev/urandom >state.json")]
    [InlineData("printf '{\"init_process_pid\":-1,\"init_process_start\":1e400,\"id\":{}}' >state.json")]
    [InlineData("printf '{\"init_process_pid\":[4733],\"init_process_start\":[2404534]}' >state.json")]
    public async Task A_hostile_state_file_is_no_container_and_stops_nothing(string make)
    {
        using var picture = new HostPicture();
        picture.Write("/run/crun/web-1/status", HostPicture.Recorded("crun-status.json"));
        picture.Process(5137, 2409098);
        picture.Process(4733, 2404534);
        Directory.CreateDirectory(picture.PathOf("/run/runc/evil"));
        await Testing.Command.ShellAsync($"cd {picture.PathOf("/run/runc/evil")}; {make}");

        Assert.Equal("crun:web-1", Assert.Single(await Task.Run(() => picture.Host.List())).FullName);
    }
}
