namespace Forkpty.Bench;

/// <summary>Sockets of this machine on which somebody listens.</summary>
internal static class Listening
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Waits until there is one at a path. Without a connection, which would be a session: the kernel's list of sockets tells.
    /// <paramref name="folder"/> has the log of <paramref name="name"/>, who should listen.
    /// </summary>
    public static void WaitFor(string path, string name, TemporaryFolder folder)
    {
        Deadline deadline = Deadline.In(Patience);
        while (!File.ReadLines("/proc/net/unix").Any(line => IsListener(line, path)))
        {
            if (deadline.HasPassed)
                throw new BenchException($"{name} does not listen; it said: {folder.TextOf("log")}");
            Pause.Milliseconds(5);
        }
    }

    // "address: references protocol flags type state inode path"; flag 0x10000 is __SO_ACCEPTCON.
    private static bool IsListener(string line, string path) =>
        line.EndsWith($" {path}", StringComparison.Ordinal) && line.Contains(" 00010000 ", StringComparison.Ordinal);
}
