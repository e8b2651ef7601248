using System.Diagnostics;
using Forkpty.Targets;
using Xunit;

namespace Forkpty.Tests;

public sealed class EntryPartsTests
{
    private const string Mounts =
        "30 1 0:26 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n"
        + "31 1 0:27 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n"
        + "32 1 0:28 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,name=systemd\n";

    [Fact]
    public void An_id_is_translated_both_ways()
    {
        var map = new IdMap("         0     100000      65536\n     70000       5000          1\n");

        Assert.Equal(1000u, map.Inside(101_000));
        Assert.Equal(101_000u, map.Outside(1000));
        Assert.Equal(70_000u, map.Inside(5000));
        Assert.Null(map.Inside(0));
        Assert.Null(map.Outside(65_536));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0 0")]
    [InlineData("-1 0 1")]
    public void A_map_that_cannot_be_read_maps_nobody(string? text) => Assert.Null(new IdMap(text).Inside(7));

    [Fact]
    public void In_our_own_namespace_the_ids_that_exist_are_what_they_are()
    {
        var map = new IdMap("0 100000 65536\n", isOurs: true);

        Assert.Equal((7u, 7u), (map.Inside(7), map.Outside(7)));
        Assert.Null(map.Outside(65_536));
    }

    [Fact]
    public void The_whole_range_of_ids_is_possible() => Assert.Equal(4_294_967_294u, new IdMap("0 0 4294967295").Outside(4_294_967_294));

    [Fact]
    public void Only_the_control_groups_that_differ_are_joined()
    {
        TargetCgroups.Ways ways = TargetCgroups.To("3:cpu,cpuacct:/box\n2:name=systemd:/same\n0::/box/a b\n", "3:cpu,cpuacct:/\n2:name=systemd:/same\n0::/\n", Mounts);

        Assert.Null(ways.Unmatched);
        Assert.Equal(["/sys/fs/cgroup/cpu,cpuacct/box/tasks"], ways.Files);
        Assert.Equal("/sys/fs/cgroup/unified/box/a b", ways.Unified);
    }

    [Theory]
    [InlineData("4:memory:/box")]
    [InlineData("0::/../outside")]
    public void A_control_group_that_cannot_be_joined_is_named(string line)
    {
        Assert.Contains(line, TargetCgroups.To(line, "0::/", Mounts).Unmatched, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/user/me/box", "/user/me/shell", "/sys/fs/cgroup/unified/user/me/cgroup.procs")]
    [InlineData("/user/me/box", "/user/me", "/sys/fs/cgroup/unified/user/me/cgroup.procs")]
    [InlineData("/user/me/box", "/user/meet", "/sys/fs/cgroup/unified/user/cgroup.procs")]
    [InlineData("/box", "/other", "/sys/fs/cgroup/unified/cgroup.procs")]
    [InlineData("/box", "/box", null)]
    [InlineData("/../box", "/box", null)]
    public void Who_moves_between_control_groups_needs_the_one_that_holds_both(string target, string own, string? file) =>
        Assert.Equal(file, TargetCgroups.CommonFile($"1:cpu:/x\n0::{target}\n", $"0::{own}\n", Mounts));

    [Theory]
    [InlineData("A=1\0PATH=/opt/go/bin:/bin\0B=2\0", "/opt/go/bin:/bin")]
    [InlineData("NOPATH=/x\0PATH=/y\0PATH=/z\0", "/y")]
    [InlineData("PATH=/bin", null)]
    [InlineData("PATH=\0", null)]
    [InlineData("PATH=/a\nb\0", null)]
    [InlineData("", null)]
    public void The_path_of_the_first_process_is_one_that_is_whole(string environment, string? path) =>
        Assert.Equal(path, EntryEnvironment.PathIn(System.Text.Encoding.UTF8.GetBytes(environment)));

    [Fact]
    public void A_process_that_has_ended_is_not_entered()
    {
        Target target;
        using (var process = Process.Start("/bin/sleep", "1000")!)
        {
            target = Host.Local.Find($"pid:{process.Id}");
            process.Kill();
            process.WaitForExit();
        }

        Assert.Equal("gone", Assert.Throws<EntryException>(() => TargetProcess.Open(target)).Reason);
    }

    [Fact]
    public void Another_process_with_the_number_of_the_one_that_was_found_is_not_entered()
    {
        using var process = Process.Start("/bin/sleep", "1000")!;
        try
        {
            Target found = Host.Local.Find($"pid:{process.Id}");
            var exception = Assert.Throws<EntryException>(() => TargetProcess.Open(found with { StartTime = found.StartTime - 1 }));

            Assert.Equal("gone", exception.Reason);
            Assert.Contains("number was given away again", exception.Message, StringComparison.Ordinal);
        }
        finally
        {
            process.Kill();
        }
    }

    [Fact]
    public void A_process_that_is_not_or_no_more_of_the_user_who_gave_it_its_name_is_not_entered()
    {
        using var process = Process.Start("/bin/sleep", "1000")!;
        try
        {
            Target found = Host.Local.Find($"pid:{process.Id}");
            var exception = Assert.Throws<EntryException>(() => TargetProcess.Open(found with { Owner = 61234 }));

            Assert.Equal("refused", exception.Reason);
            Assert.Contains($"is not of user 61234, who calls it pid:{process.Id}", exception.Message, StringComparison.Ordinal);
        }
        finally
        {
            process.Kill();
        }
    }

    [Fact]
    public void What_confines_a_process_is_read()
    {
        using var process = Process.Start("/bin/sleep", "1000")!;
        try
        {
            using TargetProcess target = TargetProcess.Open(Host.Local.Find($"pid:{process.Id}"));

            Assert.Equal(16, target.Limits()!.Length);
            Assert.Equal("/", target.RootPath);
            Assert.All(target.Namespaces[..7], inode => Assert.NotEqual(0ul, inode));
            Assert.Equal(Environment.CurrentDirectory, target.WorkingDirectory);
        }
        finally
        {
            process.Kill();
        }
    }

    [Fact]
    public void A_name_with_line_ends_of_its_own_changes_nothing_of_what_is_read()
    {
        using var process = Process.Start(new ProcessStartInfo("/bin/bash", ["-c", "printf 'x\rUid:\t7\t7\t7' >/proc/self/comm; echo named; read"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        Assert.Equal("named", process.StandardOutput.ReadLine());

        using TargetProcess target = TargetProcess.Open(Host.Local.Find($"pid:{process.Id}"));

        Assert.Equal((Forkpty.Interop.Libc.geteuid(), Forkpty.Interop.Libc.getegid()), (target.Uid, target.Gid));
        process.StandardInput.Close();
        process.WaitForExit();
    }

    [Fact]
    public void A_request_with_a_nul_is_refused()
    {
        var request = new EntryRequest();
        request.Arguments.Add("a\0b");

        Assert.Throws<EntryException>(request.ToBytes);
    }

    [Fact]
    public void A_request_that_is_too_long_is_refused()
    {
        var request = new EntryRequest();
        request.Arguments.Add(new string('x', 300_000));

        Assert.Throws<EntryException>(request.ToBytes);
    }
}
