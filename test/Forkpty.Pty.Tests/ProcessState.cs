namespace Forkpty.Tests;

/// <summary>What this process holds, as the kernel counts it.</summary>
internal sealed record ProcessState(int Descriptors, int Terminals, int Children)
{
    public static ProcessState Now
    {
        get
        {
            // What earlier tests forgot to dispose must not go while we count.
            GC.Collect();
            GC.WaitForPendingFinalizers();

            string[] targets = Targets();
            return new(
                targets.Count(IsOurs),
                targets.Count(target => target.StartsWith("/dev/pt", StringComparison.Ordinal)),
                CountChildren());
        }
    }

    /// <summary>Descriptors of whatever kind: for a limit on them.</summary>
    public static int AllDescriptors => Targets().Length;

    // The listing's own descriptor is gone when its link is read, so it has no target.
    private static string[] Targets() => [.. new DirectoryInfo("/proc/self/fd").GetFileSystemInfos().Select(fd => fd.LinkTarget).OfType<string>()];

    /// <summary>What this library opens. The runtime and the test platform open files and sockets when they like.</summary>
    private static bool IsOurs(string target) =>
        target.StartsWith("/dev/pt", StringComparison.Ordinal) || target.StartsWith("pipe:", StringComparison.Ordinal) || target.Contains("[pidfd]", StringComparison.Ordinal);

    /// <summary>Children of every thread, zombies too.</summary>
    private static int CountChildren() => Directory.GetDirectories("/proc/self/task")
        .Select(task => Path.Combine(task, "children"))
        .Sum(children => Read(children).Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);

    /// <summary>A file of a thread; empty where the thread has ended.</summary>
    public static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
