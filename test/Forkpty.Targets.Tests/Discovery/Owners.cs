using Forkpty.Interop;
using Xunit;

namespace Forkpty.Targets;

/// <summary>Root lists the containers of every user, and a user can write anything into his state files.</summary>
public sealed class Owners
{
    public static bool IsRoot => Libc.geteuid() == 0;

    [Theory(Skip = "only root can give files away", SkipUnless = nameof(IsRoot))]
    [InlineData("0", 0)]
    [InlineData("4711", 1)]
    public void What_a_user_says_of_a_process_counts_where_it_is_his(string uid, int count)
    {
        using var picture = new HostPicture();
        WrittenStates.State(picture, "/run/user/4711/runc", "sshd", 300, 7);
        Libc.FileState state;
        int fd = Libc.open(picture.PathOf("/run/user/4711/runc/sshd/state.json"), Libc.O_RDONLY | Libc.O_CLOEXEC);
        Assert.Equal(0, Libc.fchown_path(fd, 4711, 4711));
        Assert.Equal(0, Libc.fstat(fd, out state));
        _ = Libc.close(fd);
        picture.Process(300, 7, uid: uid);

        Assert.Equal(count, picture.Host.List().Count);
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
