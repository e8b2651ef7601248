namespace Forkpty.Testing;

/// <summary>A devpts of its own for one router, so that its terminals can be counted, and run out, without touching the machine's.</summary>
public static class PrivateTerminals
{
    /// <summary>The words to put before a command, which then sees at most <paramref name="most"/> terminals (0: as many as the kernel gives).</summary>
    public static IReadOnlyList<string> Wrapper(int most = 0)
    {
        var limit = most > 0 ? $",max={most}" : "";
        return
        [
            "/usr/bin/unshare", "--mount", "/bin/sh", "-ec",
            $"mount -t devpts -o newinstance,ptmxmode=0666,mode=0620{limit} devpts /dev/pts; mount --bind /dev/pts/ptmx /dev/ptmx; exec \"$@\"",
            "sh",
        ];
    }

    /// <summary>How many terminals exist in the devpts that a process sees.</summary>
    public static int Count(int pid) => Nodes(pid).Length;

    /// <summary>The terminals that a process sees, as paths from here.</summary>
    public static string[] Nodes(int pid) =>
        [.. Directory.GetFiles($"/proc/{pid}/root/dev/pts").Where(f => char.IsAsciiDigit(Path.GetFileName(f)[0]))];
}
