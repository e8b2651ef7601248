using System.Diagnostics;

namespace Forkpty.Testing;

/// <summary>Runs a program to its end.</summary>
public static class Command
{
    /// <summary>What a program left behind.</summary>
    /// <param name="Status">Its exit status; 128 plus the signal where one ended it.</param>
    /// <param name="Output">Its standard output.</param>
    /// <param name="Error">Its standard error.</param>
    public sealed record Result(int Status, string Output, string Error);

    /// <summary>Runs a program with <paramref name="input"/> on its standard input; kills it after <paramref name="within"/>, which is a failure.</summary>
    public static async Task<Result> RunAsync(
        IEnumerable<string> command,
        string input = "",
        TimeSpan? within = null,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        string[] words = [.. command];
        using var process = Start(words, environment);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program does not read its input; what it does with it is the caller's question.
        }

        using var deadline = new CancellationTokenSource(within ?? Patience.Expectation);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
            return new Result(process.ExitCode, await output.WaitAsync(deadline.Token), await error.WaitAsync(deadline.Token));
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new ExpectationException(
                $"`{string.Join(' ', words)}` did not end.\nOutput: {Excerpt.Of(await LastWords(output))}\nError: {Excerpt.Of(await LastWords(error))}");
        }
    }

    /// <summary>Runs a shell line that must succeed, and gives its output without the last newline.</summary>
    public static async Task<string> ShellAsync(string line, TimeSpan? within = null)
    {
        var result = await RunAsync(["/bin/bash", "-c", line], within: within);
        if (result.Status != 0)
            throw new ExpectationException($"`{line}` ended with {result.Status}: {Excerpt.Of(result.Output)}{Excerpt.Of(result.Error)}");
        return result.Output.TrimEnd('\n');
    }

    /// <summary>Sends a signal to a process.</summary>
    public static Task SignalAsync(int processId, string signal) => RunAsync(["/bin/kill", "-s", signal, $"{processId}"]);

    /// <summary>Starts a program with all three streams redirected.</summary>
    internal static Process Start(IReadOnlyList<string> words, IReadOnlyDictionary<string, string>? environment)
    {
        var start = new ProcessStartInfo(words[0])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var word in words.Skip(1))
            start.ArgumentList.Add(word);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException($"{words[0]} did not start.");
    }

    private static async Task<string> LastWords(Task<string> stream)
    {
        await Task.WhenAny(stream, Task.Delay(500));
        return stream.IsCompletedSuccessfully ? await stream : "(still open)";
    }
}
