using System.Globalization;

namespace Forkpty.EndToEnd.Attach;

/// <summary>A target with a time namespace, whose clocks are elsewhere than ours, and with users of its own.</summary>
public sealed class TimeAndUsers
{
    private const int Later = 5_000_000;

    [Theory(Timeout = Patience.HeavyTest)]
    [InlineData(TargetKind.Unshare)]
    [InlineData(TargetKind.Shifted)]
    public async Task The_clocks_and_the_users_are_the_targets(TargetKind kind)
    {
        await using var target = await RunningTarget.StartAsync(kind, wrapper: $"unshare --time --boottime {Later} --monotonic {Later} --");
        Assert.NotEqual(new FileInfo("/proc/self/ns/time").LinkTarget, new FileInfo($"/proc/{target.ProcessId}/ns/time").LinkTarget);

        var (status, output) = await Attached.RunAsync(target, "cat /proc/uptime; grep -c 5000000 /proc/self/timens_offsets; readlink /proc/self/ns/time; cat /proc/self/uid_map /proc/self/gid_map; echo >/tmp/made");

        Assert.Equal(0, status);
        var lines = output.Split('\n');
        Assert.InRange(Uptime(lines[0]) - Uptime(await File.ReadAllTextAsync("/proc/uptime")), Later - 300, Later);
        Assert.Equal(["2", new FileInfo($"/proc/{target.ProcessId}/ns/time").LinkTarget], lines[1..3]);
        Assert.Equal((await File.ReadAllTextAsync($"/proc/{target.ProcessId}/uid_map") + await File.ReadAllTextAsync($"/proc/{target.ProcessId}/gid_map")).TrimEnd('\n'), string.Join('\n', lines[3..]));
        Assert.Equal(kind == TargetKind.Shifted ? "100000:100000" : "0:0", await Command.ShellAsync($"stat -c %u:%g {target.Root["tmp/made"]}"));
    }

    private static double Uptime(string text) => double.Parse(text.Split(' ')[0], CultureInfo.InvariantCulture);
}
