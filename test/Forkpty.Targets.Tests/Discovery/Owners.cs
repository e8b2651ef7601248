using Xunit;

namespace Forkpty.Targets;

/// <summary>Root lists the containers of every user, and a user can write anything into his state files.</summary>
public sealed class Owners
{
    private const string User = "/run/user/4711/runc";

    [Theory]
    [InlineData("4711", 1)]
    [InlineData("0", 0)]
    public void What_a_user_says_of_a_process_counts_where_it_is_his(string uid, int count)
    {
        using var picture = new HostPicture();
        WrittenStates.State(picture, User, "sshd", 300, 7); // root's file, as that where a link leads would be
        picture.Process(300, 7, uid: uid);

        Assert.Equal(count, picture.Host.List().Count);
    }

    [Fact]
    public void What_a_user_calls_a_container_of_roots_changes_neither_its_name_nor_its_kind()
    {
        using var picture = new HostPicture();
        picture.Write("/etc/passwd", "alice:x:4711:4711::/home/alice:/bin/sh\n");
        foreach ((string root, string podman, string docker) in (ReadOnlySpan<(string, string, string)>)[("/var/lib", "web", "shop"), ("/home/alice/.local/share", "team-x", "team-y")])
        {
            picture.Write($"{root}/containers/storage/overlay-containers/containers.json", $$"""[{"id":"aaaa1111","names":["{{podman}}"],"image":"{{podman}}"}]""");
            picture.Write($"{root}/docker/containers/bbbb1111/config.v2.json", $$$"""{"ID":"bbbb1111","Name":"/{{{docker}}}","State":{"Pid":301}}""");
            picture.Write($"{root}/docker/containers/cccc1111/config.v2.json", $$$"""{"ID":"cccc1111","Name":"/{{{docker}}}2","State":{"Pid":302}}""");
        }

        WrittenStates.State(picture, "/run/runc", "aaaa1111", 300, 7);
        WrittenStates.State(picture, "/run/docker/runtime-runc/moby", "bbbb1111", 301, 7);
        WrittenStates.State(picture, User, "cccc1111", 303, 7);
        picture.Process(300, 7, uid: "0");
        picture.Process(301, 7, uid: "0");
        picture.Process(302, 7, "/docker/cccc1111", uid: "0");
        picture.Process(303, 7, uid: "4711"); // his own, of an id that root's has too

        Assert.Equal(["docker:shop", "docker:shop2", "docker:team-y2", "podman:web"], picture.Host.List().Select(target => target.FullName));
        Assert.Equal(["302", "303"], picture.Host.List().Where(target => target.FullName.EndsWith('2')).Select(target => $"{target.ProcessId}"));
    }

    [Fact]
    public void A_process_of_two_is_what_root_says_of_it()
    {
        using var picture = new HostPicture();
        WrittenStates.State(picture, User, "team-x", 300, 7);
        WrittenStates.State(picture, User, "team-y", 301, 7);
        WrittenStates.State(picture, "/run/containerd/runc/default", "web", 300, 7);
        picture.Write("/run/systemd/machines/deb", "CLASS=container\nLEADER=301\n");
        picture.Process(300, 7, uid: "4711");
        picture.Process(301, 7, uid: "4711");

        Assert.Equal(["machine:deb", "runc:web"], picture.Host.List().Select(target => target.FullName));
    }

    [Theory]
    [InlineData("ln -s ../../../docker/runtime-runc/moby/shop runc/team-x")]
    [InlineData("rmdir runc; ln -s ../../docker/runtime-runc/moby runc")]
    [InlineData("mkdir runc/shop; ln -s ../../../../docker/runtime-runc/moby/shop/state.json runc/shop")]
    public async Task No_link_that_a_user_makes_is_followed(string make)
    {
        using var picture = new HostPicture();
        WrittenStates.State(picture, "/run/docker/runtime-runc/moby", "shop", 300, 7);
        Directory.CreateDirectory(picture.PathOf(User));
        await Testing.Command.ShellAsync($"cd {picture.PathOf(User)}/..; {make}");
        Assert.True(RuntimeState.IsAnyNamed(picture.Host.Files, "shop")); // the link does lead somewhere

        Assert.DoesNotContain(RuntimeState.All(picture.Host.Files, new Places(picture.Host.Files)), state => state.Place.User != 0);
    }

    [Fact]
    public void Below_his_own_slice_a_user_makes_groups_of_any_name()
    {
        using var picture = new HostPicture();
        picture.Process(300, 7, "/user.slice/user-4711.slice/user@4711.service/lxc.payload.web", uid: "0");
        picture.Process(301, 7, "/user.slice/user-4711.slice/user@4711.service/lxc.payload.own", uid: "4711");

        Assert.Equal("lxc:own", Assert.Single(picture.Host.List()).FullName);
    }

    [Theory]
    [InlineData("conmon", "-c aaaa1111", "0", 1)]
    [InlineData("conmon", "-c aaaa1111", "4711", 0)] // a user's parent with such arguments, where the number is his process's by now
    [InlineData("conmon", "-c aaaa11112", "0", 0)]
    [InlineData("sh", "-c aaaa1111", "0", 0)]
    public void A_number_that_stayed_behind_is_believed_where_podmans_monitor_is_the_parent(string monitor, string arguments, string uid, int count)
    {
        using var picture = new HostPicture();
        Podman(picture, 300);
        picture.Process(200, 5, command: $"/usr/bin/{monitor} {arguments}", uid: uid, pids: HostPicture.OwnPids);
        picture.Process(300, 7, parent: 200, uid: uid);

        Assert.Equal(count, picture.Host.List().Count);
    }

    [Theory]
    [InlineData("/libpod_parent/libpod-aaaa1111", 1)]
    [InlineData("/user.slice/user-4711.slice/user@4711.service/libpod-aaaa1111", 0)]
    public void Nor_does_a_group_that_a_user_made_prove_it(string group, int count)
    {
        using var picture = new HostPicture();
        Podman(picture, 300);
        picture.Process(300, 7, group, uid: "4711");

        Assert.Equal(count, picture.Host.List().Count);
    }

    [Theory]
    [InlineData("/docker/{0}/lxc.payload.web")]
    [InlineData("/system.slice/docker-{0}.scope/kubepods/pod1/{1}")]
    [InlineData("/lxc.payload.outer/lxc.payload.web")]
    [InlineData("/machine.slice/machine-deb.scope/payload/lxc.payload.web")]
    [InlineData("/machine.slice/systemd-nspawn@deb.service/kubepods/{1}")]
    [InlineData("/docker/{0}/system.slice/nginx.service")]
    public void What_a_container_calls_groups_of_its_own_making_names_nothing_of_the_machine(string group)
    {
        using var picture = new HostPicture();
        string[] ids = [new('a', 64), new('b', 64)];
        picture.Process(300, 7, string.Format(null, group, ids));

        Assert.DoesNotContain(picture.Host.List(units: true), target => target.Name is "web" or "nginx.service" || target.Id == ids[1]);
    }

    [Fact]
    public void Who_looks_like_a_jail_or_a_monitor_is_nothing_of_roots()
    {
        using var picture = new HostPicture();
        picture.Process(1, 1, command: "init", pids: HostPicture.OwnPids);
        picture.Process(200, 5, command: "systemd-nspawn -M prod", uid: "4711", pids: HostPicture.OwnPids);
        picture.Process(300, 7, parent: 200, uid: "0"); // not his
        picture.Process(301, 7, command: "web __serve x y", uid: "4711");
        picture.Process(302, 8, command: "web __serve 3", uid: "0");
        picture.Process(303, 9, "/lxc.payload.shop", command: "other __serve x", uid: "4711"); // in a container of root's

        Assert.Equal(["lxc:shop", "jail:web", "jail:web"], picture.Host.List().Select(target => target.FullName));
        Assert.Equal(302, picture.Host.Find("jail:web").ProcessId);
        Assert.Equal(301, picture.Host.Find("jail:301").ProcessId);
    }

    private static void Podman(HostPicture picture, int pid)
    {
        picture.Write("/var/lib/containers/storage/overlay-containers/containers.json", """[{"id":"aaaa1111","names":["web"]}]""");
        picture.Write("/run/containers/storage/overlay-containers/aaaa1111/userdata/pidfile", $"{pid}");
    }
}
