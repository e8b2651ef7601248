using System.Diagnostics;

namespace Forkpty.EndToEnd.Attach;

/// <summary>A target whose files lead, for who looks at them from outside, to those of the host.</summary>
public sealed class Traps
{
    // A FIFO of the host under every name, and a device.
    private const string Lay = "mkdir -p T/pts T/dev/pts && for each in T T/pts T/dev/pts; do for name in ptmx passwd group; do mkfifo -m 666 $each/$name; done; done; mkdir T/etc; for name in passwd group; do mknod T/etc/$name c 1 3; done";

    // Tells of every open in a directory; the input's end is its own.
    private const string Watch = """
        import ctypes, os, select, sys
        libc = ctypes.CDLL(None)
        watch = libc.inotify_init1(os.O_NONBLOCK)
        for place, _, _ in list(os.walk(sys.argv[1])):
            assert libc.inotify_add_watch(watch, place.encode(), 0x20) >= 0 # IN_OPEN
        print("ready", flush=True)
        sys.stdin.read()
        if select.select([watch], [], [], 0)[0]:
            print(os.read(watch, 4096))
        """;

    [Theory(Timeout = Patience.HeavyTest)]
    [InlineData("umount $R/dev/pts; rmdir $R/dev/pts; ln -s T/pts $R/dev/pts")]
    [InlineData("umount $R/dev/pts; ln -s T/ptmx $R/dev/pts/ptmx")]
    [InlineData("umount $R/dev/pts; ln -s ../../../../../../../../..T/ptmx $R/dev/pts/ptmx")]
    [InlineData("umount $R/dev/pts $R/dev; rmdir $R/dev; ln -s T/dev $R/dev")]
    [InlineData("umount $R/dev/pts; mount --bind T/pts $R/dev/pts")]
    [InlineData("mount --bind T/ptmx $R/dev/pts/ptmx")]
    [InlineData("umount $R/dev/pts; mkfifo $R/dev/pts/ptmx")]
    [InlineData("umount $R/dev/pts; ln -s /proc/1/cwd/T/ptmx $R/dev/pts/ptmx")]
    [InlineData("rm $R/etc/passwd $R/etc/group; ln -s T/passwd $R/etc/passwd; ln -s ../../../../../../../../..T/group $R/etc/group")]
    [InlineData("rm -r $R/etc; ln -s T $R/etc")]
    [InlineData("mount --bind T $R/etc")]
    [InlineData("mount --bind T/etc $R/etc")]
    [InlineData("mount --bind T/passwd $R/etc/passwd; mount --bind T/group $R/etc/group")]
    public async Task No_file_of_the_host_is_opened(string trick)
    {
        using var directory = new TempDirectory();
        var trap = directory["trap"];
        await Command.ShellAsync(Lay.Replace("T", trap, StringComparison.Ordinal));
        using var watcher = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", Watch, trap]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        Assert.Equal("ready", await watcher.StandardOutput.ReadLineAsync());
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare, trick.Replace("T", trap, StringComparison.Ordinal));
        var start = Stopwatch.GetTimestamp();

        var (status, output) = await Attached.RunAsync(target, "stty size; [ -t 0 ] && echo terminal; exit 7");

        Assert.Equal(7, status);
        Assert.EndsWith("33 99\nterminal", output, StringComparison.Ordinal);
        Assert.True(Stopwatch.GetElapsedTime(start).TotalSeconds < 10, $"{Stopwatch.GetElapsedTime(start)}");
        watcher.StandardInput.Close();
        Assert.Equal("", await watcher.StandardOutput.ReadToEndAsync());
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_working_directory_that_was_removed_is_not_in_the_way_and_its_name_speaks_to_no_terminal()
    {
        // The kernel calls it "NAME (deleted)", and there is such a name, which leads to where no path leads any more.
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare, """
            exec chroot $R /bin/sh -c 'mkdir "$0" && cd "$0" && ln -s /proc/1/cwd "$0 (deleted)" && rmdir "$0" && exec /bin/sleep 1000' "$(printf '/tmp/\033]0;title\007\342\200\256')"
            """);

        Assert.Equal((0, "/"), await Attached.RunAsync(target, "pwd"));
        var (status, output) = await Attached.RunAsync(target, "pwd", "--cwd", "/tmp/\e]0;title\a\u202e (deleted)");
        Assert.Equal(255, status);
        Assert.Contains(@"the directory /tmp/^[]0;title^G\u202e (deleted) cannot be entered", output, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task The_kernels_log_is_not_read_away()
    {
        // Who reads /proc/kmsg takes it from whoever keeps it; a container's root may not, and whoever attaches may.
        await using var target = await RunningTarget.StartAsync(TargetKind.Unshare, "rm $R/etc/passwd; ln -s /proc/kmsg $R/etc/passwd");
        bool isRead = true;
        for (var left = 3; isRead && left > 0; left--) // a full log loses lines when others are written
        {
            await Command.ShellAsync("echo 'a line of a test' >/dev/kmsg");
            var before = await UnreadAsync();
            Assert.SkipWhen(before == 0, "somebody reads the kernel's log here");
            Assert.Equal((0, "in"), await Attached.RunAsync(target, "echo in"));
            isRead = await UnreadAsync() < before;
        }

        Assert.False(isRead, "the log was read");

        static async Task<int> UnreadAsync() => int.Parse(await Command.ShellAsync("python3 -c 'import ctypes; print(ctypes.CDLL(None).klogctl(9, None, 0))'"), null);
    }
}
