using Forkpty.Testing;
using Xunit;

namespace Forkpty.Tests;

[Collection(nameof(Alone))]
public sealed class LeakTests
{
    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_thousand_starts_and_ends_leave_nothing_behind()
    {
        await Programs.Run("/bin/true");
        await Programs.LoopHasCaughtUp();
        ProcessState before = ProcessState.Now;
        await Parallel.ForAsync(0, 1000, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (i, cancellation) =>
        {
            PtyProcess process = await (i % 4 == 0 ? Programs.Start("/bin/cat") : Programs.Start("/bin/echo", "output"));
            if (i % 4 == 1) await process.ReadToEnd();
            if (i % 4 == 2) await process.WaitForExitAsync(cancellation);
            await process.DisposeAsync();
            await process.WaitForExitAsync(cancellation);
        });
        await Programs.LoopHasCaughtUp();
        Assert.Equal(before, ProcessState.Now);
    }

    [Fact(Timeout = Patience.HeavyTest)]
    public async Task A_hundred_sessions_at_once_share_one_thread()
    {
        await Programs.Run("/bin/true");
        int before = ThreadsOfOurs();
        List<PtyProcess> sessions = [];
        for (int i = 0; i < 100; i++)
            sessions.Add(await Programs.Start("/bin/cat"));
        Task<int>[] reads = [.. sessions.Select(session => session.ReadAsync(new byte[100]).AsTask())];
        Assert.Equal(before, ThreadsOfOurs());
        foreach (PtyProcess session in sessions)
            await session.Type("x\n");
        await Task.WhenAll(reads);
        foreach (PtyProcess session in sessions)
        {
            await session.DisposeAsync();
            await session.WaitForExitAsync();
        }
    }

    /// <summary>Threads that are not the runtime's own: its pool, and the one that compiles again what is called often, come and go as they like.</summary>
    private static int ThreadsOfOurs() => Directory.GetDirectories("/proc/self/task").Count(task => ProcessState.Read($"{task}/comm") is { Length: > 0 } name && !name.StartsWith(".NET ", StringComparison.Ordinal));
}
