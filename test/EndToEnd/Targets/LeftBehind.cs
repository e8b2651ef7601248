using System.Diagnostics;
using System.Text.Json;
using Forkpty.EndToEnd.Attach;

namespace Forkpty.EndToEnd.Targets;

/// <summary><c>fpty orphans</c>: what exec of real runtimes leaves behind when its client is killed.</summary>
public sealed class LeftBehind
{
    [Theory(Timeout = Patience.HeavyTest)]
    [InlineData(TargetKind.Runc, false, "reader")]
    [InlineData(TargetKind.Runc, true, "terminal")]
    [InlineData(TargetKind.Podman, false, "client")]
    [InlineData(TargetKind.Podman, true, "client")]
    public async Task What_the_client_of_exec_left_behind_is_listed_and_hung_up(TargetKind kind, bool terminal, string gone)
    {
        await using var container = await RunningTarget.StartAsync(kind);
        // The one that stays on a closed terminal is one that does not hear the hang-up: it is told, and then asked again. The kernel tells the leader alone.
        string program = gone == "terminal" ? "trap 'echo x >>/tmp/heard' HUP; sleep 1000 & echo up; wait; wait; wait" : "echo up; exec sleep 987";
        (string[] plain, string[] withTerminal) = container.Exec;
        int client;
        if (terminal)
        {
            await using var person = await Terminal.StartAsync([.. withTerminal, "sh", "-c", program]);
            await person.Output.ExpectAsync("up");
            Assert.Empty(await OrphansAsync(container));
            client = person.ProcessId;
            await Command.SignalAsync(client, "KILL");
        }
        else
        {
            using var process = Process.Start(Redirected([.. plain, "sh", "-c", program]))!;
            Assert.Equal("up", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
            Assert.Empty(await OrphansAsync(container));
            process.Kill();
        }

        await Patience.UntilAsync(() => OrphansAsync(container).Result.Count > 0, "what is left behind is listed");
        var orphans = await OrphansAsync(container);
        Assert.All(orphans, orphan => Assert.Equal((gone, container.FullName), (orphan.GetProperty("gone").GetString(), orphan.GetProperty("target").GetString())));
        foreach (var orphan in orphans)
        {
            int pid = orphan.GetProperty("pid").GetInt32();
            uint uid = uint.Parse(ProcessFacts.Status(pid, "Uid").Split('\t')[1], null);
            Assert.Equal(uid, orphan.GetProperty("uid").GetUInt32());
            Assert.InRange(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - orphan.GetProperty("started").GetInt64(), -2, 60);
            var table = (await Command.RunAsync([Binaries.Fpty, "orphans", container.FullName])).Output;
            Assert.Matches(@"^TARGET +PID +USER +AGE +WHY +COMMAND\n", table);
            Assert.Matches($@"\n{container.FullName} +{pid} +{await ListOfTargets.UserAsync(uid)} +(\d+m)?\d+s +{gone} gone +\S", table);
        }

        string heard = System.IO.Path.Combine(container.Root.Path, "tmp/heard");
        await Patience.UntilAsync(() => gone != "terminal" || File.Exists(heard), "the kernel's hang-up was heard");
        long before = gone == "terminal" ? new FileInfo(heard).Length : 0;

        Assert.Equal(0, (await Command.RunAsync([Binaries.Fpty, "orphans", container.FullName, "--hangup"])).Status);

        if (gone == "terminal")
            await Patience.UntilAsync(() => new FileInfo(heard).Length > before, "fpty's hang-up was heard");
        else
            await Patience.UntilAsync(() => OrphansAsync(container).Result.Count == 0, "what was hung up is gone");
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_jail_from_a_login_has_no_other_job_of_that_login_and_not_itself()
    {
        Assert.SkipUnless(Environment.UserName == "root", "targets are made by root only");
        using var directory = new TempDirectory();
        var address = directory["u"];
        int router, job, inside;
        await using (var login = await Terminal.StartAsync(
            ["/bin/sh", "-c", $"setsid {Binaries.Fpty} serve --unshare uts --forkpty-urouter {address} & echo router $!,; setsid sh -c 'echo job $$,; exec sleep 986' & read x"]))
        {
            await login.Output.ExpectAsync("job ");
            await login.Output.ExpectAsync(",");
            (router, job) = (login.Output.Number("router "), login.Output.Number("job "));
            await Patience.UntilAsync(() => Path.Exists(address), "the jail serves");
            await using var person = await Terminal.StartAsync([Binaries.Fpty, "connect", address, "--", "sh", "-c", "setsid sh -c 'echo inside $$,; exec sleep 985' & read x"]);
            await person.Output.ExpectAsync("inside ");
            await person.Output.ExpectAsync(",");
            inside = person.Output.Number("inside ");
        }

        var jail = $"jail:{router}";
        try
        {
            await Patience.UntilAsync(() => PidsAsync(jail).Result.Count > 0, "what the jail's session left behind is listed");
            Assert.Equal([inside], await PidsAsync(jail));
            Assert.DoesNotContain(await PidsAsync(), pid => pid == router || pid == job);
            Assert.Empty(await PidsAsync($"pid:{job}"));

            Assert.Equal(0, (await Command.RunAsync([Binaries.Fpty, "orphans", "--hangup", jail])).Status);

            await Patience.UntilAsync(() => !Directory.Exists($"/proc/{inside}"), "what was hung up is gone");
            Assert.True(Directory.Exists($"/proc/{job}"));
        }
        finally
        {
            foreach (var pid in (int[])[job, inside, router])
                await Command.SignalAsync(pid, "KILL");
        }
    }

    private static async Task<List<int>> PidsAsync(params string[] targets)
    {
        using var document = JsonDocument.Parse((await Command.RunAsync([Binaries.Fpty, "orphans", .. targets, "--json"])).Output);
        return [.. document.RootElement.EnumerateArray().Select(each => each.GetProperty("pid").GetInt32())];
    }

    private static ProcessStartInfo Redirected(string[] words) =>
        new(words[0], words[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };

    private static async Task<List<JsonElement>> OrphansAsync(RunningTarget container)
    {
        var listed = await Command.RunAsync([Binaries.Fpty, "orphans", container.FullName, "--json"]);
        Assert.Equal((0, ""), (listed.Status, listed.Error));
        using var document = JsonDocument.Parse(listed.Output);
        return [.. document.RootElement.EnumerateArray().Select(each => each.Clone())];
    }
}
