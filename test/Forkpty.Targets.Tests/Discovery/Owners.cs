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
}
