using System.Diagnostics;
using Xunit;

namespace Forkpty.Tests;

/// <summary>The example of the documentation, compiled ahead of time: the library's whole way once more, without a JIT.</summary>
[Collection(nameof(Alone))]
public sealed class ExampleTests
{
    [Fact(Timeout = 600_000)]
    public async Task The_example_works_when_compiled_ahead_of_time()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", "Takes half a minute of a processor: set CI=true to compile the example ahead of time.");
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Forkpty.slnx")))
            root = Path.GetDirectoryName(root) ?? throw new DirectoryNotFoundException("The repository's root, which has Forkpty.slnx, is not above the tests.");

        // Its own artifacts: a build of the solution may be going on beside this.
        string artifacts = Path.Combine(root, "artifacts", "example");
        string published = Path.Combine(artifacts, "pty");
        await Run("dotnet", "publish", Path.Combine(root, "examples", "pty"), "-c", "Release", "--artifacts-path", artifacts, "-o", published, "-nodeReuse:false", "--nologo", "-v", "quiet");

        string said = await Run(Path.Combine(published, "pty"));
        Assert.Contains("Hello Ada, your window is 33 111.\r\nThe program ended: exit code 7.\n", said, StringComparison.Ordinal);
    }

    private static async Task<string> Run(string file, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true })!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output);
        return output;
    }
}
