using System.Text.RegularExpressions;

namespace Forkpty.EndToEnd;

public sealed partial class SocketModeRace
{
    [Fact(Timeout = Patience.Test)]
    public async Task The_permissions_are_there_before_the_path_is()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/strace"), "strace is not installed");
        using var directory = new TempDirectory();
        var setup = new RouterSetup
        {
            Wrapper = ["/bin/sh", "-c", "umask 0; exec strace -f -qq -o \"$0\" -e trace=bind,fchmod,chmod,fchmodat \"$@\"", directory["trace"]],
            Arguments = ["--chmod-socket=600"],
        };
        await using var process = await RouterProcess.StartAsync(RouterKind.Fpty, setup);

        var calls = File.ReadAllLines(directory["trace"]);
        foreach (var path in new[] { process.RawAddress, process.UwsgiAddress })
        {
            Assert.Equal("600", await Command.ShellAsync($"stat -c %a {path}"));
            var bind = Array.FindIndex(calls, l => l.Contains($"\"{path}", StringComparison.Ordinal) && l.Contains(" bind(", StringComparison.Ordinal));
            Assert.True(bind >= 0, $"no bind of {path} in\n{string.Join('\n', calls)}");
            var descriptor = Descriptor().Match(calls[bind]).Groups[1].Value;
            Assert.Contains(calls[..bind], l => l.Contains($" fchmod({descriptor}, 0600)", StringComparison.Ordinal));
        }
    }

    [GeneratedRegex(@" bind\((\d+)")]
    private static partial Regex Descriptor();
}
