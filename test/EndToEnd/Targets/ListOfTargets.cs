using System.Text.Json;
using System.Text.RegularExpressions;
using Forkpty.EndToEnd.Attach;

namespace Forkpty.EndToEnd.Targets;

/// <summary><c>fpty ps</c> and <c>fpty doctor</c> about containers of real runtimes.</summary>
public sealed class ListOfTargets
{
    [Theory(Timeout = Patience.HeavyTest)]
    [InlineData(TargetKind.Runc)]
    [InlineData(TargetKind.Crun)]
    [InlineData(TargetKind.Podman)]
    [InlineData(TargetKind.Lxc)]
    [InlineData(TargetKind.ShiftedLxc)]
    [InlineData(TargetKind.Machine)]
    [InlineData(TargetKind.ShiftedMachine)]
    [InlineData(TargetKind.Unit)]
    [InlineData(TargetKind.Jail)]
    public async Task What_runs_is_listed_by_name_with_its_user_and_age_and_nothing_hinders_an_attach(TargetKind kind)
    {
        await using var container = await RunningTarget.StartAsync(kind);
        string[] list = [Binaries.Fpty, "ps", .. kind == TargetKind.Unit ? ["--all"] : Array.Empty<string>()];
        uint uid = uint.Parse(ProcessFacts.Status(container.ProcessId, "Uid").Split('\t')[1], null);

        var target = Assert.Single(await TargetsAsync(list), target => target.GetProperty("target").GetString() == container.FullName);

        Assert.Equal((container.ProcessId, uid), (target.GetProperty("pid").GetInt32(), target.GetProperty("uid").GetUInt32()));
        string command = kind == TargetKind.Jail ? @"^fpty serve \(/\S+/r, /\S+/u\)$" : $"^{Regex.Escape((await File.ReadAllTextAsync($"/proc/{container.ProcessId}/cmdline")).Replace('\0', ' ').TrimEnd())}$";
        Assert.Matches(command, target.GetProperty("command").GetString());
        Assert.True(target.GetProperty("attach").GetBoolean(), target.ToString());
        Assert.InRange(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - target.GetProperty("started").GetInt64(), -2, 60);
        var row = (await Command.RunAsync(list)).Output.Split('\n').Single(line => line.StartsWith($"{container.FullName} ", StringComparison.Ordinal));
        Assert.Matches($@"^\S+ +{(target.GetProperty("id").GetString() is { Length: > 0 } id ? id[..Math.Min(12, id.Length)] : "-")} +{container.ProcessId} +{await UserAsync(uid)} +(\d+m)?\d+s +yes ", row);
        Assert.Contains(container.FullName, (await Command.RunAsync([.. list, "-q"])).Output.Split('\n'));
        var doctor = await Command.RunAsync([Binaries.Fpty, "doctor", container.FullName]);
        Assert.Equal((0, ""), (doctor.Status, doctor.Error));
        Assert.EndsWith($"{container.FullName} can be attached to: fpty attach {container.FullName}\n", doctor.Output, StringComparison.Ordinal);
        Assert.Contains("there is /bin/sh", doctor.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_paused_container_is_listed_and_the_doctor_says_what_to_do()
    {
        await using var container = await RunningTarget.StartAsync(TargetKind.Runc);
        await Command.ShellAsync($"runc pause {container.Name}");

        var target = Assert.Single(await TargetsAsync([Binaries.Fpty, "ps"]), target => target.GetProperty("target").GetString() == container.FullName);
        Assert.False(target.GetProperty("attach").GetBoolean());
        Assert.Equal($"let it go on, as with runc resume {container.Name}", target.GetProperty("remedy").GetString());
        Assert.Equal(1, (await Command.RunAsync([Binaries.Fpty, "doctor", container.FullName])).Status);

        await Command.ShellAsync($"runc resume {container.Name}");
        Assert.Equal(0, (await Command.RunAsync([Binaries.Fpty, "doctor", container.FullName])).Status);
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_container_that_has_ended_is_listed_no_more()
    {
        await using var container = await RunningTarget.StartAsync(TargetKind.Runc);
        await Command.ShellAsync($"runc kill {container.Name} KILL");

        await Patience.UntilAsync(
            () => Command.RunAsync([Binaries.Fpty, "doctor", container.FullName]).Result is { Status: 1, Output: "" }, "a container that was killed is found no more");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Without_rights_another_users_process_is_refused_with_a_way()
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root can become somebody else");
        using var directory = new TempDirectory();
        File.Copy(Binaries.Fpty, directory["fpty"]);

        var doctor = await Command.RunAsync(["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", directory["fpty"], "doctor", $"{Environment.ProcessId}"]);

        Assert.Equal(1, doctor.Status);
        Assert.Contains("no    permission", doctor.Output, StringComparison.Ordinal);
        Assert.Contains($"→ sudo fpty attach pid:{Environment.ProcessId}", doctor.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task What_is_hidden_from_a_user_is_not_told_to_be_absent()
    {
        await using var jail = await RunningTarget.StartAsync(TargetKind.Jail);
        using var directory = new TempDirectory();
        File.Copy(Binaries.Fpty, directory["fpty"]);
        Task<Command.Result> AsNobody(params string[] words) => Command.RunAsync(["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", directory["fpty"], .. words]);
        const string Hidden = "of processes that are not yours nothing can be told; as root all are looked at\n";

        foreach (var verb in (string[])["attach", "doctor"])
            Assert.EndsWith($"; {Hidden}", (await AsNobody(verb, jail.FullName)).Error, StringComparison.Ordinal);
        Assert.Equal($"fpty: {Hidden}", (await AsNobody("ps")).Error);
        Assert.Equal("", (await Command.RunAsync([Binaries.Fpty, "ps"])).Error);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_thread_is_told_with_the_process_to_attach_to()
    {
        string thread = Directory.GetDirectories("/proc/self/task").Select(path => Path.GetFileName(path)).First(name => name != $"{Environment.ProcessId}");

        var doctor = await Command.RunAsync([Binaries.Fpty, "doctor", thread]);

        Assert.Equal(1, doctor.Status);
        Assert.Contains($"{thread} is a thread of process {Environment.ProcessId}", doctor.Output, StringComparison.Ordinal);
        Assert.Contains($"→ fpty attach pid:{Environment.ProcessId}\n", doctor.Output, StringComparison.Ordinal);
    }

    [Theory(Timeout = Patience.Test)]
    [InlineData("doctor", 2)]
    [InlineData("doctor a b", 2)]
    [InlineData("doctor nobody-has-this-name", 1)]
    [InlineData("orphans nobody-has-this-name", 1)]
    [InlineData("orphans --hangup", 2)]
    [InlineData("ps --hangup", 2)]
    public async Task What_cannot_be_is_one_sentence_and_a_status(string arguments, int status)
    {
        var result = await Command.RunAsync([Binaries.Fpty, .. arguments.Split(' ')]);

        Assert.Equal((status, ""), (result.Status, result.Output));
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
    }

    [Fact(Timeout = Patience.Test)]
    public async Task A_router_that_is_not_there_is_no_fault()
    {
        using var directory = new TempDirectory();

        var result = await Command.RunAsync(["/bin/sh", "-c", $"unshare --mount sh -c 'mount -t tmpfs tmpfs /run; exec {Binaries.Fpty} ps' || XDG_RUNTIME_DIR={directory.Root} {Binaries.Fpty} ps"]);

        Assert.Equal((0, ""), (result.Status, result.Error));
        Assert.StartsWith("TARGET", result.Output, StringComparison.Ordinal);
    }

    /// <summary>As this machine calls a user.</summary>
    public static Task<string> UserAsync(uint uid) => Command.ShellAsync($"awk -F: -v uid={uid} '$3 == uid {{ print $1; found = 1; exit }} END {{ if (!found) print uid }}' /etc/passwd");

    private static async Task<List<JsonElement>> TargetsAsync(string[] list)
    {
        var listed = await Command.RunAsync([.. list, "--json"]);
        Assert.Equal(0, listed.Status);
        using var document = JsonDocument.Parse(listed.Output);
        return [.. document.RootElement.EnumerateArray().Where(each => each.TryGetProperty("target", out _)).Select(each => each.Clone())];
    }
}
