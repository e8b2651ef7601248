using System.Diagnostics;
using Xunit;

namespace Forkpty.Jail;

/// <summary>
/// test/JailHost, published ahead of time as fpty is: under the JIT a process has seven threads at Main, and the point here is
/// what the real binary does. It is published once for a run of the tests, where it is older than its sources.
/// </summary>
public sealed class JailHostProgram
{
    public const string Collection = "jail";
    public const string UserName = "kratos";

    public JailHostProgram()
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(System.IO.Path.Combine(root, "Forkpty.slnx")))
            root = System.IO.Path.GetDirectoryName(root)!;
        string published = System.IO.Path.Combine(root, "artifacts/jailhost");
        Path = System.IO.Path.Combine(published, "JailHost");
        if (!File.Exists(Path) || File.GetLastWriteTimeUtc(Path) < NewestSource(root))
        {
            Run("dotnet", "publish", System.IO.Path.Combine(root, "test/JailHost"), "-c", "Release", "-r", "linux-x64", "-o", published, "--nologo", "-v", "quiet");
            File.SetLastWriteTimeUtc(Path, DateTime.UtcNow);
        }
        // Ordinary users start it too, and the way to the repository may be closed to them.
        string copy = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"jailhost-{Environment.ProcessId}");
        File.Copy(Path, copy, overwrite: true);
        File.SetUnixFileMode(copy, (UnixFileMode)0b111_101_101);
        Path = copy;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(copy);
        if (Environment.IsPrivilegedProcess && !File.ReadLines("/etc/passwd").Any(line => line.StartsWith(UserName + ":", StringComparison.Ordinal)))
            Run("useradd", "-m", UserName);
    }

    public string Path { get; }

    /// <summary>Namespaces and other users are for root alone; the rest of the tests still runs.</summary>
    public static void NeedsRoot() => Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root");

    public static string Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {process.ExitCode}: {output}");
    }

    private static DateTime NewestSource(string root) =>
        new[] { "src/fpty/Jail", "src/Forkpty.Pty", "test/JailHost" }
            .SelectMany(directory => Directory.EnumerateFiles(System.IO.Path.Combine(root, directory), "*.cs", SearchOption.AllDirectories))
            .Max(File.GetLastWriteTimeUtc);
}
