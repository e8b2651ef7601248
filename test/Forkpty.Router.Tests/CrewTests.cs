using Forkpty.Testing;
using Xunit;

namespace Forkpty.Tests;

public sealed class CrewTests : IDisposable
{
    private const int Most = 3;

    private readonly Crew _crew = new("test", Most, patience: 100);
    private readonly ManualResetEventSlim _never = new();
    private readonly List<int> _done = [];

    public CrewTests() => _crew.Run();

    [Fact(Timeout = Patience.Test)]
    public async Task One_thing_is_done_after_the_other()
    {
        for (int i = 0; i < 10_000; i++)
            Note(i);

        Assert.True(await FinishAsync());
        Assert.Equal(Enumerable.Range(0, 10_000), _done);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Beside_what_hangs_others_go_on_up_to_the_bound_then_they_are_refused_or_wait()
    {
        int begun = 0, refused = 0;
        for (int i = 0; i < Most; i++)
        {
            Note(i);
            Hang(() => begun++);
        }

        await Patience.UntilAsync(() => Volatile.Read(ref begun) == Most, "all that may hang at once");
        Assert.Equal(Enumerable.Range(0, Most), _done);

        _crew.Do(() => { }, () => refused++);
        await Patience.UntilAsync(() => Volatile.Read(ref refused) == 1, "a refusal");
        Note(Most);
        Assert.False(_crew.TryFinish(500));
        Assert.Equal(Most, _done.Count);

        _never.Set();
        Assert.True(await FinishAsync());
        Assert.Equal(Enumerable.Range(0, Most + 1), _done);
    }

    [Fact(Timeout = Patience.Test)]
    public async Task What_hangs_is_not_done_though_later_things_are()
    {
        Hang();
        Note(0);

        await Patience.UntilAsync(() => _done.Count == 1, "the later thing");
        Assert.False(_crew.TryFinish(50));
        _never.Set();
        Assert.True(await FinishAsync());
    }

    [Fact(Timeout = Patience.Test)]
    public async Task Its_end_does_what_was_asked_for_and_leaves_what_hangs_to_itself()
    {
        Hang();
        for (int i = 0; i < 100; i++)
            Note(i);
        long begun = Environment.TickCount64;

        Assert.False(_crew.TryEnd(begun + 2_000));

        Assert.InRange(Environment.TickCount64 - begun, 1_900, 9_000);
        Assert.Equal(100, _done.Count);
        _never.Set();
        await Patience.UntilAsync(() => _crew.TryEnd(0), "the end of its threads");
    }

    [Fact(Timeout = Patience.Test)]
    public async Task What_is_gathered_is_done_in_a_moment_together_and_at_once_for_who_waits_for_it()
    {
        var gatherer = new Crew("gatherer", Most, patience: 100, gather: 600_000);
        var hurried = new Crew("hurried", Most, patience: 100, gather: 100);
        gatherer.Run();
        hurried.Run();
        int gathered = 0, done = 0;

        foreach (Crew crew in (Crew[])[gatherer, hurried])
            crew.Do(() => Interlocked.Increment(ref gathered));
        await Patience.UntilAsync(() => Volatile.Read(ref gathered) == 2, "the first thing of each, at once");
        for (int i = 0; i < 10; i++)
        {
            gatherer.Do(() => Interlocked.Increment(ref gathered));
            hurried.Do(() => Interlocked.Increment(ref done));
        }

        await Patience.UntilAsync(() => Volatile.Read(ref done) == 10, "what was gathered");
        Assert.True(await Task.Run(() => gatherer.TryFinish((int)Patience.Expectation.TotalMilliseconds), TestContext.Current.CancellationToken));
        Assert.Equal(12, gathered);
        gatherer.Do(() => Interlocked.Increment(ref gathered));
        Assert.True(gatherer.TryEnd(Environment.TickCount64 + (long)Patience.Expectation.TotalMilliseconds));
        Assert.Equal(13, gathered);
        Assert.True(hurried.TryEnd(Environment.TickCount64 + (long)Patience.Expectation.TotalMilliseconds));
    }

    public void Dispose()
    {
        _never.Set();
        Assert.True(_crew.TryEnd(Environment.TickCount64 + (long)Patience.Expectation.TotalMilliseconds));
        _never.Dispose();
    }

    private void Note(int number) => _crew.Do(() => _done.Add(number));

    private void Hang(Action? begun = null) => _crew.Do(() =>
    {
        begun?.Invoke();
        _never.Wait(TestContext.Current.CancellationToken);
    });

    private Task<bool> FinishAsync() => Task.Run(() => _crew.TryFinish((int)Patience.Expectation.TotalMilliseconds), TestContext.Current.CancellationToken);
}
