namespace Forkpty.EndToEnd.Engines;

/// <summary>What an ordinary user runs, entered by himself and by root.</summary>
public sealed class Rootless(OrdinaryUser user) : IClassFixture<OrdinaryUser>
{
    private const string Terminal = "tty; stty size; exec 3<>$(tty) && echo again; exit 7";
    private const string OwnTerminal = "/dev/pts/0\n33 99\nagain";
    private const string Facts = "id -u; id -g; echo $PATH; pwd; umask; cat /proc/self/cgroup /proc/self/uid_map; while read name value; do case $name in Cap*|NoNewPrivs:|Seccomp*:) echo $name $value;; esac; done </proc/self/status; mkdir /proc/x 2>&1";

    public static TheoryData<bool, string> Ways => new() { { false, "" }, { false, "--user 1000:1000" }, { true, "" }, { true, "--user 1000:1000" } };

    [Theory(Timeout = Patience.HeavyTest)]
    [MemberData(nameof(Ways))]
    public async Task A_container_of_podman_is_listed_examined_and_entered_as_podman_exec_does(bool byRoot, string options)
    {
        string[] through = byRoot ? [] : OrdinaryUser.User;
        var name = await user.RunAsync("crun", $"box{(byRoot ? "-root" : "")}{options.Length}", options);
        string named = byRoot ? $"podman:{name}" : name; // what another user calls so is meant with its kind only

        var target = Assert.Single(await user.Machine.TargetsAsync(through), target => target.GetProperty("name").GetString() == name);
        Assert.Equal(($"podman:{name}", true), (target.GetProperty("target").GetString(), target.GetProperty("attach").GetBoolean()));
        var doctor = await user.Machine.RunAsync([.. through, user.Machine.Fpty, "doctor", named]);
        Assert.Equal((0, ""), (doctor.Status, doctor.Error));
        string notice = byRoot ? $"fpty: podman:{name} is of user 61234, who has named it so; it is none of root's\n" : "";
        Assert.Equal(61234, target.GetProperty("owner").GetInt32());
        Assert.Equal(byRoot, (await user.Machine.RunAsync([.. through, user.Machine.Fpty, "ps"])).Output.Contains(" (fpty-user's) ", StringComparison.Ordinal));
        Assert.Equal((7, notice + OwnTerminal), await user.Machine.AttachAsync(named, Terminal, through: through));
        var podman = await user.Machine.RunAsync([.. OrdinaryUser.Podman("crun"), "exec", name, "sh", "-c", Facts]);
        Assert.Equal((podman.Status, notice + podman.Output.TrimEnd('\n')), await user.Machine.AttachAsync($"podman:{name}", Facts, through: through));
        Assert.Contains("Seccomp: 2\n", podman.Output, StringComparison.Ordinal);
    }

    [Theory(Timeout = Patience.HeavyTest)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Another_user_in_it_has_a_terminal_that_is_his(bool byRoot)
    {
        var name = await user.RunAsync("crun", $"users{byRoot}");
        string notice = byRoot ? $"fpty: podman:{name} is of user 61234, who has named it so; it is none of root's\n" : "";

        Assert.Equal((0, notice + "1000 1000 1500\nagain"), await user.Machine.AttachAsync($"podman:{name}", "id -u -n >/dev/null; echo $(id -u) $(id -G); exec 3<>$(tty) && echo again", ["--user", "bob"], byRoot ? [] : OrdinaryUser.User));
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_filter_that_only_root_can_copy_is_named_and_the_user_is_not_let_in_without()
    {
        var name = await user.RunAsync("runc", "filtered");

        var (status, output) = await user.Machine.AttachAsync(name, "echo in", through: OrdinaryUser.User);
        Assert.Equal(255, status);
        Assert.Contains("has a seccomp filter, which cannot be copied: EACCES (Permission denied); that takes CAP_SYS_ADMIN", output, StringComparison.Ordinal);
        var doctor = await user.Machine.RunAsync([.. OrdinaryUser.User, user.Machine.Fpty, "doctor", name]);
        Assert.Equal(1, doctor.Status);
        Assert.Contains($"→ sudo fpty attach podman:{name}; or attach with --privileged, which goes without the filter and says so\n", doctor.Output, StringComparison.Ordinal);

        Assert.EndsWith("\nSeccomp:\t0", (await user.Machine.AttachAsync(name, "grep Seccomp: /proc/self/status", ["--privileged"], OrdinaryUser.User)).Output, StringComparison.Ordinal);
        Assert.EndsWith("\nSeccomp:\t2", (await user.Machine.AttachAsync($"podman:{name}", "grep Seccomp: /proc/self/status")).Output, StringComparison.Ordinal);
    }

    [Theory(Timeout = Patience.HeavyTest)]
    [InlineData(false, 1101, 0, "unshare --user --map-root-user --mount --pid --fork --uts --ipc --net sh -c 'mount -t proc proc R/proc; mount -t tmpfs tmpfs R/dev; mkdir R/dev/pts; mount -t devpts -o newinstance,ptmxmode=0666 devpts R/dev/pts; exec chroot R /bin/sleep 1101'")]
    [InlineData(true, 1102, 0, "unshare --user --map-root-user --mount --pid --fork --uts --ipc --net sh -c 'mount -t proc proc R/proc; mount -t tmpfs tmpfs R/dev; mkdir R/dev/pts; mount -t devpts -o newinstance,ptmxmode=0666 devpts R/dev/pts; exec chroot R /bin/sleep 1102'")]
    [InlineData(false, 1103, 61234, "bwrap --unshare-all --die-with-parent --bind R / --proc /proc --dev /dev /bin/sleep 1103")]
    [InlineData(true, 1104, 1000, "bwrap --unshare-all --die-with-parent --bind R / --proc /proc --dev /dev --uid 1000 --gid 1000 /bin/sleep 1104")]
    public async Task What_a_user_unshares_is_entered_confined_as_it_is(bool byRoot, int seconds, int id, string line)
    {
        string[] through = byRoot ? [] : OrdinaryUser.User;
        var pid = await user.StartAsync(line.Replace("R/", $"{user.Root}/", StringComparison.Ordinal).Replace("R ", $"{user.Root} ", StringComparison.Ordinal), seconds);
        const string Read = "while read name value; do case $name in CapBnd:|CapEff:|CapPrm:|NoNewPrivs:|Seccomp:) echo $name $value;; esac; done </proc/PID/status; for n in user mnt pid uts ipc net; do readlink /proc/PID/ns/$n; done";

        Assert.Equal((7, OwnTerminal), await user.Machine.AttachAsync(pid, Terminal, through: through));
        Assert.Equal((0, $"{id} {id}"), await user.Machine.AttachAsync(pid, "echo $(id -u) $(id -g)", through: through));
        var first = await user.Machine.ShellAsync(Read.Replace("PID", pid, StringComparison.Ordinal));
        Assert.Equal((0, first), await user.Machine.AttachAsync(pid, Read.Replace("PID", "self", StringComparison.Ordinal), through: through));
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_control_group_that_can_be_joined_only_from_one_of_the_users_own_is_named()
    {
        // As systemd delegates it: a tree of the user's, and a session beside it.
        var group = $"/sys/fs/cgroup/{user.Machine.Group}";
        await user.Machine.ShellAsync($"mkdir -p {group}/session {group}/own/shell {group}/own/box; chown -R 61234 {group}/own");
        var pid = await user.StartAsync($"exec unshare --user --map-root-user --pid --fork sh -c 'exec sleep 1105'", 1105, $"echo 0 >{group}/own/box/cgroup.procs;");
        string[] From(string where) => ["sh", "-c", $"echo 0 >{group}/{where}/cgroup.procs; exec \"$@\"", "sh", .. OrdinaryUser.User];

        var (status, output) = await user.Machine.AttachAsync(pid, "echo in", through: From("session"));
        Assert.Equal(255, status);
        Assert.Contains($"the control group {group}/own/box of process {pid} cannot be joined: EACCES (Permission denied); systemd-run --user --scope fpty attach", output, StringComparison.Ordinal);
        var doctor = await user.Machine.RunAsync([.. From("session"), user.Machine.Fpty, "doctor", pid]);
        Assert.Contains($"cannot be joined, because {group}/cgroup.procs cannot be written: EACCES", doctor.Output, StringComparison.Ordinal);

        Assert.Contains("\nin", (await user.Machine.AttachAsync(pid, "echo in", ["--privileged"], From("session"))).Output, StringComparison.Ordinal);
        Assert.EndsWith($"\n0::/{user.Machine.Group}/own/box", (await user.Machine.AttachAsync(pid, "grep ^0: /proc/self/cgroup", through: From("own/shell"))).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await user.Machine.RunAsync([.. From("own/shell"), user.Machine.Fpty, "doctor", pid])).Status);
    }
}
