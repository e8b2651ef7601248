using Xunit;

namespace Forkpty.Jail;

/// <summary>What is done on the way into the jail, in which order, and what is said where it cannot be done.</summary>
[Collection(JailHostProgram.Collection)]
public sealed class StartTests(JailHostProgram host)
{
    private static readonly string[] AsKratos = ["setpriv", "--reuid", "kratos", "--regid", "kratos", "--clear-groups"];

    [Fact(Timeout = 150_000)]
    public async Task Hooks_run_in_order_each_where_and_as_whom_it_belongs()
    {
        JailHostProgram.NeedsRoot();
        string[] hooks = ["--exec-as-user=echo user $(id -u) $(readlink /proc/self/ns/uts)", "--exec-as-root=echo root1 $(id -u)", "--exec-as-root=echo root2 $(id -u)",
            "--exec-post-jail=echo post $(id -u) $(readlink /proc/self/ns/uts)", "--exec-pre-jail=echo pre $(id -u) $(readlink /proc/self/ns/uts)"];
        using JailRun run = await JailRun.Start(host, ["--unshare=uts", "--uid=kratos", .. hooks]).ReadyAsync();

        string inside = ProcFiles.Namespace(run.Router, run.Router, "uts");
        string id = JailHostProgram.Run("id", "-u", "kratos").Trim();
        Assert.Equal([$"pre 0 {ProcFiles.OwnNamespace("uts")}", $"post 0 {inside}", "root1 0", "root2 0", $"user {id} {inside}"], run.Output.Take(5));
    }

    [Fact(Timeout = 150_000)]
    public async Task Umask_environment_directory_and_name_are_those_of_the_options()
    {
        using JailRun run = await JailRun.Start(host, ["--umask=027", "--env=JAIL_TEST=1 2", "--chdir=/usr/lib", "--procname=gate", "--exec-as-user=echo $JAIL_TEST"]).ReadyAsync();

        Assert.Equal("1 2", run.Output[0]);
        Assert.Equal("0027", ProcFiles.Status(run.Router, run.Router, "Umask"));
        Assert.Equal("gate", ProcFiles.Status(run.Router, run.Router, "Name"));
        Assert.Equal("/usr/lib", new FileInfo($"/proc/{run.Router}/cwd").LinkTarget);
        Assert.Contains("JAIL_TEST=1 2", (await File.ReadAllTextAsync($"/proc/{run.Router}/environ")).Split('\0'));
        Assert.StartsWith("gate\0", await File.ReadAllTextAsync($"/proc/{run.Router}/cmdline"), StringComparison.Ordinal);
    }

    [Fact(Timeout = 150_000)]
    public async Task Whoever_is_the_user_already_but_in_another_group_is_told_that_and_can_start_with_it()
    {
        JailHostProgram.NeedsRoot();
        string[] who = ["setpriv", "--reuid", "kratos", "--regid", "kratos", "--groups", "12345,1"];
        string id = JailHostProgram.Run("id", "-u", "kratos").Trim(), group = JailHostProgram.Run("id", "-g", "kratos").Trim();
        using JailRun run = JailRun.Start(host, ["--uid=kratos"], who);

        Assert.Equal(1, await run.ExitAsync());
        Assert.Equal(
            $"fpty: uid {id}, gid {group}: you are in other groups too (1 12345), which only root can give up; "
            + "leave uid, gid and add-gid out, or give an add-gid for each of yours: 1 12345\n",
            await run.Errors);

        using JailRun kept = await JailRun.Start(host, ["--uid=kratos", "--add-gid=1", "--add-gid=12345"], who).ReadyAsync();
        Assert.Equal("1 12345", ProcFiles.Status(kept.Router, kept.Router, "Groups"));
    }

    [Fact(Timeout = 150_000)]
    public async Task Hooks_get_standard_descriptors_default_signals_and_nothing_else()
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "of the first stage");
        string[] options = [$"--keep={file}", "--exec-pre-jail=ls /proc/self/fd | wc -w", "--exec-as-user=ls /proc/self/fd | wc -w; grep -E Sig[BI] /proc/self/status"];
        using JailRun run = await JailRun.Start(host, [.. options, .. Environment.IsPrivilegedProcess ? ["--unshare=pid,user"] : Array.Empty<string>()],
            "sh", "-c", "exec 9</etc/passwd; exec \"$@\"", "sh").ReadyAsync();
        File.Delete(file);

        // 0, 1, 2 and the directory that ls reads; the kept file arrives in the last stage all the same.
        Assert.Equal("4", run.Output[0]);
        Assert.Equal("4", run.Output[1]);
        Assert.Equal(["SigBlk:\t0000000000000000", "SigIgn:\t0000000000000000"], run.Output.Skip(2).Take(2));
        Assert.Contains("kept of the first stage", run.Output);
    }

    [Fact(Timeout = 150_000)]
    public async Task Ignored_SIGCHLD_of_whoever_started_us_costs_no_status()
    {
        using JailRun run = JailRun.Start(host, ["--exec-as-user=exit 7"], "sh", "-c", "trap '' CHLD; exec \"$@\"", "sh");

        Assert.Equal(1, await run.ExitAsync());
        Assert.Equal("fpty: exec-as-user = exit 7: the command ended with status 7, so fpty does not start\n", await run.Errors);
    }

    [Fact(Timeout = 150_000)]
    public async Task The_router_gets_all_descriptors_it_may_have_and_remembers_the_limit_of_before()
    {
        using JailRun run = await JailRun.Start(host, ["--umask=022"], "sh", "-c", "ulimit -Sn 300; ulimit -Hn 700; exec \"$@\"", "sh").ReadyAsync();

        Assert.Contains("limit 300 700", run.Output);
    }

    [Fact(Timeout = 150_000)]
    public async Task The_names_inside_a_new_root_are_those_of_its_own_files()
    {
        JailHostProgram.NeedsRoot();
        string root = Directory.CreateTempSubdirectory("jailroot").FullName;
        File.SetUnixFileMode(root, (UnixFileMode)0b111_101_101);
        // The host program is a dynamic one: its libraries come along. Starting it again needs no path to it.
        foreach (string word in JailHostProgram.Run("ldd", host.Path).Split((char[])[' ', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (!word.StartsWith('/') || word == host.Path)
                continue;
            Directory.CreateDirectory(root + Path.GetDirectoryName(word));
            File.Copy(word, root + word);
        }
        Directory.CreateDirectory(root + "/etc");
        await File.WriteAllTextAsync(root + "/etc/passwd", "inmate:x:4711:4712::/:/bin/sh\n");
        await File.WriteAllTextAsync(root + "/etc/group", "inmate:x:4712:\nyard:x:4713:inmate,guard\ncellar:x:4714:guard\n");
        using (JailRun run = await JailRun.Start(host, [$"--chroot={root}", "--unshare=pid", "--uid=inmate"]).ReadyAsync())
        {
            Assert.Equal(root, new FileInfo($"/proc/{run.Router}/root").LinkTarget);
            Assert.Equal(root, new FileInfo($"/proc/{run.Router}/cwd").LinkTarget);
            Assert.Equal("4711 4711 4711 4711", ProcFiles.Status(run.Router, run.Router, "Uid"));
            Assert.Equal("4712 4712 4712 4712", ProcFiles.Status(run.Router, run.Router, "Gid"));
            Assert.Equal("4712 4713", ProcFiles.Status(run.Router, run.Router, "Groups"));
        }
        Directory.Delete(root, recursive: true);
    }

    [Theory(Timeout = 150_000)]
    [InlineData("--exec-as-root=kill -9 $$", "exec-as-root = kill -9 $$: the command was ended by signal 9, so fpty does not start")]
    [InlineData("--uid=nosuchuser", "uid = nosuchuser: there is no such user in /etc/passwd; create it (useradd nosuchuser) or give a number")]
    [InlineData("--gid=nosuchgroup", "gid = nosuchgroup: there is no such group in /etc/group; create it (groupadd nosuchgroup) or give a number")]
    [InlineData("--uid=54321", "uid = 54321: /etc/passwd does not list it, so its group is unknown; add gid = GROUP")]
    [InlineData("--unshare=uts,moon", "unshare = uts,moon: there is no namespace \"moon\"; allowed are fs, ipc, pid, uts, net, user, cgroup")]
    [InlineData("--chroot=/proc/self/fd", "fpty cannot start itself again: fexecve on its own executable: ENOENT (No such file or directory); "
        + "the root of the jail has no C library for it; copy one there, or use the static build, which needs none")]
    [InlineData("--chroot=/nosuchdir", "chroot = /nosuchdir: chroot: ENOENT (No such file or directory): create the directory, or give another")]
    public async Task A_start_that_fails_says_why_in_a_sentence(string option, string sentence)
    {
        JailHostProgram.NeedsRoot();
        using JailRun run = JailRun.Start(host, [option]);

        Assert.Equal(1, await run.ExitAsync());
        Assert.Equal($"fpty: {sentence}\n", await run.Errors);
        Assert.Empty(run.Output);
    }

    [Theory(Timeout = 150_000)]
    [InlineData("--unshare=uts", "start fpty as root, or add user to unshare")]
    [InlineData("--unshare=pid", "start fpty as root, or add user to unshare")]
    [InlineData("--chroot=/tmp", "start fpty as root, or add user to unshare")]
    [InlineData("--exec-as-root=true", "start it as root, or add user to unshare")]
    [InlineData("--uid=root", "start fpty as root, or leave uid, gid and add-gid out")]
    public async Task Without_the_right_the_sentence_says_what_to_do(string option, string advice)
    {
        JailHostProgram.NeedsRoot();
        using JailRun run = JailRun.Start(host, [option], AsKratos);

        Assert.Equal(1, await run.ExitAsync());
        Assert.EndsWith(advice + "\n", await run.Errors, StringComparison.Ordinal);
    }

    [Fact(Timeout = 150_000)]
    public async Task Who_asks_to_stay_what_it_is_needs_no_right()
    {
        JailHostProgram.NeedsRoot();
        using JailRun run = await JailRun.Start(host, ["--uid=kratos", "--gid=kratos"], AsKratos).ReadyAsync();

        run.Signal("TERM");
        Assert.Equal(0, await run.ExitAsync());
    }
}
