using System.Diagnostics;
using System.Text.Json;
using Forkpty.EndToEnd.Attach;

namespace Forkpty.EndToEnd.Engines;

/// <summary>
/// What an engine of containers takes for a machine: mounts, processes and network of its own, with an empty /run and /var/lib. So engines have their usual places, nothing of this machine is touched,
/// and all of it ends with its first process. What is asked of it is asked inside.
/// </summary>
public sealed class PrivateMachine : IAsyncDisposable
{
    private readonly Process _starter;
    private readonly Task<string> _errors;
    private readonly int _first;

    private PrivateMachine(Process starter, Task<string> errors, int first, TempDirectory directory) => (_starter, _errors, _first, Directory) = (starter, errors, first, directory);

    /// <summary>A directory that is there inside and outside.</summary>
    public TempDirectory Directory { get; }

    /// <summary>The name of control groups that are removed at the end, in whichever hierarchy they are.</summary>
    public string Group => $"fpty-engine-{Environment.ProcessId}-{_first}";

    /// <summary>A path inside, as it is to be opened from outside.</summary>
    public string PathOf(string path) => $"/proc/{_first}/root{path}";

    /// <summary>Starts it, or skips the test.</summary>
    public static async Task<PrivateMachine> StartAsync()
    {
        Assert.SkipUnless(Environment.UserName == "root", "engines are started by root only");
        var directory = new TempDirectory();
        var start = new ProcessStartInfo("/usr/bin/unshare") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var word in (string[])["--mount", "--pid", "--net", "--ipc", "--fork", "--kill-child", "--mount-proc", "/bin/sh", "-c", "mount -t tmpfs -o mode=755 tmpfs /run && mount -t tmpfs -o mode=755 tmpfs /var/lib && echo up && exec sleep 3600"])
            start.ArgumentList.Add(word);
        var starter = Process.Start(start)!;
        var errors = starter.StandardError.ReadToEndAsync();
        if (await starter.StandardOutput.ReadLineAsync() != "up")
            Assert.Skip($"no mounts, processes and network of one's own here: {await errors}");
        return new PrivateMachine(starter, errors, ProcessFacts.Children(starter.Id).Single(), directory);
    }

    /// <summary>The words that run a command inside.</summary>
    public string[] Inside(params string[] command) => ["/usr/bin/nsenter", "-t", $"{_first}", "-m", "-p", "-n", "-i", "--", .. command];

    /// <summary>Runs a command inside, to its end.</summary>
    public Task<Command.Result> RunAsync(params string[] command) => Command.RunAsync(Inside(command));

    /// <summary>Runs a shell line inside that must succeed: its output without the last line end.</summary>
    public async Task<string> ShellAsync(string line)
    {
        // Whatever it leaves running has no pipe of ours.
        var script = Directory.Write("line", line);
        var result = await RunAsync("/bin/bash", "-c", $"/bin/bash {script} </dev/null >{Directory["out"]} 2>{Directory["err"]}");
        var output = (await File.ReadAllTextAsync(Directory["out"])).TrimEnd('\n');
        return result.Status == 0 ? output : throw new ExpectationException($"`{line}` ended with {result.Status}: {output} {await File.ReadAllTextAsync(Directory["err"])}");
    }

    /// <summary>Starts a daemon inside, and waits until it answers: null, or why it does not.</summary>
    public async Task<string?> DaemonAsync(string line, string question, string prepare)
    {
        await ShellAsync($"{prepare}\n(setsid {line} </dev/null >{Directory["log"]} 2>&1; echo \"it has ended\" >>{Directory["log"]}) & :");
        var asked = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(asked) < Patience.Expectation)
        {
            if ((await RunAsync("/bin/sh", "-c", question)).Status == 0)
                return null;
            var log = File.Exists(Directory["log"]) ? await File.ReadAllTextAsync(Directory["log"]) : ""; // it is only just being started
            if (log.EndsWith("it has ended\n", StringComparison.Ordinal))
                return log.Length > 600 ? log[^600..] : log;
        }

        return $"it does not answer within {Patience.Expectation.TotalSeconds} s";
    }

    /// <summary>Adds a user, whose own ids are 65,536 from the first on. The accounts of this machine stay as they are.</summary>
    public Task AddUserAsync(string name, int uid, int first) => ShellAsync($"""
        set -e; mkdir -p /run/etc
        for file in passwd group subuid subgid; do touch /etc/$file; cp /etc/$file /run/etc/$file; done
        echo '{name}:x:{uid}:{uid}::/run/home:/bin/sh' >>/run/etc/passwd; echo '{name}:x:{uid}:' >>/run/etc/group
        echo '{name}:{first}:65536' >/run/etc/subuid; echo '{name}:{first}:65536' >/run/etc/subgid
        for file in passwd group subuid subgid; do mount --bind /run/etc/$file /etc/$file; done
        """);

    /// <summary>fpty attach of a shell line, on a terminal of 33 rows and 99 columns: the exit status and what the terminal showed.</summary>
    public async Task<(int Status, string Output)> AttachAsync(string target, string line, string[]? options = null, string[]? through = null)
    {
        await using var terminal = await Terminal.StartAsync(Inside([.. through ?? [], Fpty, "attach", .. options ?? [], target, "--", "sh", "-c", line]), rows: 33, columns: 99);
        var status = await terminal.ExpectExitAsync();
        return (status, terminal.Output.Text.ReplaceLineEndings("\n").TrimEnd('\n'));
    }

    /// <summary>What fpty ps --json lists inside.</summary>
    public async Task<List<JsonElement>> TargetsAsync(string[]? through = null)
    {
        var listed = await RunAsync([.. through ?? [], Fpty, "ps", "--json"]);
        Assert.Equal((0, ""), (listed.Status, listed.Error));
        using var document = JsonDocument.Parse(listed.Output);
        return [.. document.RootElement.EnumerateArray().Where(each => each.TryGetProperty("target", out _)).Select(each => each.Clone())];
    }

    /// <summary>fpty, in a place to which every user has a way.</summary>
    public string Fpty
    {
        get
        {
            if (!File.Exists(Directory["fpty"]))
                File.Copy(Binaries.Fpty, Directory["fpty"]);
            return Directory["fpty"];
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _starter.Kill();
        await _starter.WaitForExitAsync();
        await _errors;
        await Patience.UntilAsync(() => !ProcessFacts.IsAlive(_first), "the machine ends");
        _starter.Dispose();
        await Command.RunAsync(["/bin/bash", "-c", $"for i in $(seq 50); do find /sys/fs/cgroup -depth -type d -path '*/{Group}*' -exec rmdir {{}} + 2>/dev/null; find /sys/fs/cgroup -name '{Group}*' | grep -q . || break; sleep 0.1; done"]);
        Directory.Dispose();
    }

    /// <summary>Packs a root directory for an engine's import.</summary>
    public async Task<string> PackAsync(RootFileSystem root)
    {
        await Command.ShellAsync($"tar -cf {Directory["root.tar"]} -C {root.Path} .");
        return Directory["root.tar"];
    }
}
