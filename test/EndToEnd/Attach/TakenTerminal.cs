namespace Forkpty.EndToEnd.Attach;

/// <summary>A process of the target that makes every terminal its own which it can get hold of: before the program does, for which it was made.</summary>
public sealed class TakenTerminal
{
    private const string Thief = """
        #include <fcntl.h>
        #include <signal.h>
        #include <stdio.h>
        #include <sys/ioctl.h>
        #include <unistd.h>
        int main(void) {
            if (fork()) { printf("ready\n"); fflush(stdout); pause(); }
            for (setsid();;) {
                int file = open("/dev/pts/1", O_RDWR | O_NOCTTY); /* its own parent has the first one */
                if (file >= 0 && ioctl(file, TIOCSCTTY, 0) == 0) { signal(SIGHUP, SIG_IGN); usleep(200000); ioctl(file, TIOCNOTTY); }
                if (file >= 0) close(file);
            }
        }
        """;

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task The_program_is_not_started_then_and_why_is_said()
    {
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare);
        await Command.ShellAsync($"gcc -static -w -O2 -x c -o {target.Root["tmp/thief"]} - <<'END'\n{Thief}\nEND");
        await using var thief = await Attached.StartAsync(target.FullName, ["/tmp/thief"]);
        await thief.Output.ExpectAsync("ready");
        var output = "";
        for (var i = 0; i < 30 && output.Length == 0; i++)
        {
            await using var terminal = await Attached.StartAsync(target.FullName, ["/bin/true"]);
            if (await terminal.ExpectExitAsync() != 0)
                output = terminal.Output.Text;
        }

        Assert.SkipWhen(output.Length == 0, "the thief was never quick enough here");
        Assert.Contains("another process of the target has made the program's terminal its own, as it was quicker to; nothing was started", output, StringComparison.Ordinal);
    }
}
