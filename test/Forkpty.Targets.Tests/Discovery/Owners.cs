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

    [Theory]
    [InlineData(false, 1)] // as in a container that sees no hierarchy
    [InlineData(true, 0)]
    public void Who_made_a_control_group_that_is_there_no_more_is_not_root(bool hasHierarchy, int count)
    {
        using var picture = new HostPicture();
        picture.Process(300, 7, "/lxc.payload.web", uid: "0");
        if (hasHierarchy)
            picture.Write("/sys/fs/cgroup/cgroup.procs", "");

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
        foreach (int pid in (ReadOnlySpan<int>)[200, 301, 302, 303])
            picture.Program(pid, "/usr/bin/x");

        Assert.Equal(["lxc:shop", "jail:web", "jail:web"], picture.Host.List().Select(target => target.FullName));
        Assert.Equal(302, picture.Host.Find("jail:web").ProcessId);
        Assert.Equal(301, picture.Host.Find("jail:301").ProcessId);
    }

    [Fact]
    public void What_a_container_has_that_looks_like_a_jail_or_a_monitor_has_no_name()
    {
        using var picture = new HostPicture();
        picture.Process(1, 1, command: "init", pids: HostPicture.OwnPids);
        picture.Process(299, 5, command: "systemd-nspawn -M host", uid: "0"); // a program of the machine's, in a container
        picture.Program(299, "/usr/bin/systemd-nspawn");
        picture.Process(300, 6, parent: 299, uid: "0");
        foreach ((int pid, string command) in (ReadOnlySpan<(int, string)>)[(301, "shop __serve x"), (302, "systemd-nspawn -M prod")])
        {
            picture.Process(pid, 7, command: command, uid: "0", pids: pid == 302 ? HostPicture.OwnPids : null);
            picture.Link($"/proc/{pid}/exe", "/proc/self/cmdline"); // on a mount that is none of the picture's
        }

        picture.Process(303, 8, parent: 302, uid: "0");

        Assert.Empty(picture.Host.List());
    }

    [Theory]
    [InlineData("web", "web: only other users have something of this name; if you mean one, give its kind too: runc:web (of user 4711)")]
    [InlineData("4711", "4711: only other users have something of this name; if you mean one, give its kind too: runc:4711 (of user 4711)")]
    [InlineData("two", "two: only other users have something of this name; if you mean one, give its kind too: pid:302 (of user 4711), pid:303 (of user 4712)")]
    [InlineData("still", "still: podman:still is there, but does not run; start it with podman start still")]
    [InlineData("podman:still", "podman:still: podman:still is there, but does not run; start it with podman start still")]
    public void What_other_users_call_so_is_not_meant_by_a_name_alone_nor_by_one_of_roots(string name, string sentence)
    {
        using var picture = new HostPicture();
        picture.Write("/etc/passwd", "alice:x:4711:4711::/home/alice:/bin/sh\n");
        picture.Write("/var/lib/containers/storage/vfs-containers/containers.json", """[{"id":"aaaa1111","names":["still"]}]""");
        picture.Write("/home/alice/.local/share/containers/storage/vfs-containers/containers.json", """[{"id":"bbbb1111","names":["still"]}]""");
        (string, int)[] his = [("web", 300), ("4711", 301), ("two", 302), ("bbbb1111", 304)];
        foreach ((string id, int pid) in his)
        {
            WrittenStates.State(picture, User, id, pid, 7);
            picture.Process(pid, 7, uid: "4711");
        }

        WrittenStates.State(picture, "/run/user/4712/runc", "two", 303, 7);
        picture.Process(303, 7, uid: "4712");

        Assert.Equal(sentence, Assert.Throws<TargetException>(() => picture.Host.Find(name)).Message);
        Assert.Equal(300, picture.Host.Find("runc:web").ProcessId);
        Assert.Equal(300, picture.Host.Find("runc:web", static _ => true).ProcessId);
        Assert.Contains("nothing", Assert.Throws<TargetException>(() => picture.Host.Find(name, static _ => true)).Message, StringComparison.Ordinal);
        picture.Process(4711, 7);
        Assert.Equal(4711, picture.Host.Find("4711").ProcessId);
    }

    [Theory]
    [InlineData(4711, 0, "0", "")]
    [InlineData(4711, 0, "4711", "lxc:web 4711")]
    [InlineData(4711, 4711, "4711", "lxc:web 4711")]
    [InlineData(0, 100000, "100000", "lxc:web 0")] // of a container with a user namespace
    public async Task Who_may_make_groups_in_one_calls_them_what_he_likes(int above, int own, string uid, string listed)
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root gives files to others");
        using var picture = new HostPicture();
        picture.Process(300, 7, "/given/lxc.payload.web/sub", uid: uid);
        await Testing.Command.ShellAsync($"mkdir -p {picture.PathOf("/sys/fs/cgroup/given/lxc.payload.web")}; cd {picture.PathOf("/sys/fs/cgroup")}; chown {above} given; chown {own} given/lxc.payload.web");

        Assert.Equal(listed, string.Join(',', picture.Host.List().Select(target => $"{target.FullName} {target.Owner}")));
    }

    [Theory]
    [InlineData(4711, 0)]
    [InlineData(0, 1)]
    public async Task Nor_does_a_group_of_such_a_name_prove_that_it_is_roots_container(int above, int count)
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root gives files to others");
        using var picture = new HostPicture();
        Podman(picture, 300);
        picture.Process(300, 7, "/given/libpod-aaaa1111/sub");
        await Testing.Command.ShellAsync($"mkdir -p {picture.PathOf("/sys/fs/cgroup/given/libpod-aaaa1111")}; chown {above} {picture.PathOf("/sys/fs/cgroup/given")}");

        Assert.Equal(count, picture.Host.List().Count);
    }

    private static void Podman(HostPicture picture, int pid)
    {
        picture.Write("/var/lib/containers/storage/overlay-containers/containers.json", """[{"id":"aaaa1111","names":["web"]}]""");
        picture.Write("/run/containers/storage/overlay-containers/aaaa1111/userdata/pidfile", $"{pid}");
    }
}
