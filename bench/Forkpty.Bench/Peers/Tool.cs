using System.Text;

namespace Forkpty.Bench;

/// <summary>Programs of this machine: where they are and what they say.</summary>
internal static class Tool
{
    public static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(':')
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(File.Exists);

    public static string? FirstLineOf(string[] command) => LineOf(command, "");

    /// <summary>The first line of a program's output that begins with <paramref name="start"/>.</summary>
    public static string? LineOf(string[] command, string start)
    {
        using TemporaryFolder folder = new();
        string output = folder.PathOf("output");
        Children.Reap(Children.StartDetached(command, output));
        return File.ReadLines(output, Encoding.UTF8)
            .FirstOrDefault(line => line.StartsWith(start, StringComparison.Ordinal))?.Trim();
    }
}
