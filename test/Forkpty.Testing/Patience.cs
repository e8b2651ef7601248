using System.Diagnostics;

namespace Forkpty.Testing;

/// <summary>How long a test waits for something before that counts as a failure: a limit is for what hangs, not for what is slow on a shared machine.</summary>
public static class Patience
{
    /// <summary>One expectation: some hundred times what it takes on an idle machine of two cores.</summary>
    public static readonly TimeSpan Expectation = TimeSpan.FromSeconds(60);

    /// <summary>The watchdog of an ordinary test, in milliseconds: <c>[Fact(Timeout = Patience.Test)]</c>.</summary>
    public const int Test = 150_000;

    /// <summary>The watchdog of a test that moves megabytes or opens hundreds of sessions, in milliseconds.</summary>
    public const int HeavyTest = 300_000;

    /// <summary>Asks every 5 ms until the answer is yes; for facts that send no event (a pid that is gone, a file that is there).</summary>
    public static Task UntilAsync(Func<bool> holds, string what, TimeSpan? within = null) => UntilAsync(() => Task.FromResult(holds()), what, within);

    /// <summary>The same where asking takes a while; <paramref name="every"/> so many milliseconds.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds, string what, TimeSpan? within = null, int every = 5)
    {
        var deadline = Environment.TickCount64 + (long)(within ?? Expectation).TotalMilliseconds;
        while (!await holds())
        {
            if (Environment.TickCount64 > deadline)
                throw new ExpectationException($"In vain: {what}.");
            await Task.Delay(every);
        }
    }

    /// <summary>
    /// A time that is promised: the best of three tries has to keep it, each a fresh one that tells how long the product took. On a machine with other work one try may be late;
    /// where the promise is broken all are.
    /// </summary>
    public static async Task PromiseAsync(TimeSpan promised, string what, Func<Task<TimeSpan>> attempt)
    {
        List<TimeSpan> tries = [];
        do
            tries.Add(await attempt());
        while (tries[^1] > promised && tries.Count < 3);
        if (tries[^1] > promised)
            throw new ExpectationException($"Promised within {promised.TotalSeconds} s: {what}; it took {string.Join(", ", tries.Select(t => $"{t.TotalSeconds:0.00} s"))}.");
    }

    /// <summary>How long something takes.</summary>
    public static async Task<TimeSpan> TimeAsync(Func<Task> what)
    {
        long begun = Stopwatch.GetTimestamp();
        await what();
        return Stopwatch.GetElapsedTime(begun);
    }
}
