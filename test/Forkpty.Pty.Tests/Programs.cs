using System.Text;
using Forkpty.Reactor;

namespace Forkpty.Tests;

/// <summary>Programs on terminals, and what one reads of them.</summary>
internal static class Programs
{
    public static Task<PtyProcess> Start(string file, params string[] arguments) => PtyProcess.StartAsync(new PtyCommand(file) { Arguments = arguments });

    public static Task<PtyProcess> Sh(string script) => Start("/bin/sh", "-c", script);

    public static async Task<string> ReadToEnd(this PtyProcess process, int bufferSize = 4096)
    {
        var output = new MemoryStream();
        byte[] buffer = new byte[bufferSize];
        while (await process.ReadAsync(buffer) is > 0 and int count)
            output.Write(buffer, 0, count);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    /// <summary>Reads until the output ends with <paramref name="text"/>, which a test makes its programs say when they are where it wants them.</summary>
    public static async Task<string> ReadUntil(this PtyProcess process, string text)
    {
        var output = new StringBuilder();
        byte[] buffer = new byte[4096];
        while (!output.ToString().EndsWith(text, StringComparison.Ordinal))
        {
            int count = await process.ReadAsync(buffer);
            if (count == 0) throw new EndOfStreamException($"The program ended before it said '{text}'. It said: {output}");
            output.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }

        return output.ToString();
    }

    public static ValueTask Type(this PtyProcess process, string text) => process.WriteAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>Starts a program, reads all it says, and waits for its end.</summary>
    public static async Task<(string Output, ExitStatus Status)> Run(string file, params string[] arguments)
    {
        await using PtyProcess process = await Start(file, arguments);
        string output = await process.ReadToEnd();
        return (output, await process.WaitForExitAsync());
    }

    /// <summary>Returns once the shared loop has done everything that was asked of it before.</summary>
    public static Task LoopHasCaughtUp()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        EventLoop.Shared.Post(static state => ((TaskCompletionSource)state!).SetResult(), done);
        return done.Task;
    }

    /// <summary>For facts of the kernel that no event tells. The test's own timeout is the deadline.</summary>
    public static async Task Eventually(Func<bool> condition)
    {
        while (!condition())
            await Task.Delay(5);
    }
}
