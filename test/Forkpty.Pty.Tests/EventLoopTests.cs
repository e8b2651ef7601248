using Forkpty.Interop;
using Forkpty.Reactor;
using Xunit;

namespace Forkpty.Tests;

public sealed class EventLoopTests : IDisposable
{
    private readonly EventLoop _loop = new("test");

    public void Dispose()
    {
        _loop.Dispose();
    }

    [Fact(Timeout = 150_000)]
    public async Task Whoever_was_removed_in_a_turn_gets_no_event_of_it()
    {
        var slots = new int[2];
        var calls = new List<int>();
        using SafeFd first = Counter(), second = Counter();
        var source = new Source((role, _) =>
        {
            calls.Add(role);
            _loop.Remove(ref slots[0]);
            _loop.Remove(ref slots[1]);
        });
        await OneTurn(() => slots = [_loop.Add(first.Value, Libc.EPOLLIN, source, 0), _loop.Add(second.Value, Libc.EPOLLIN, source, 1)], first, second);
        Assert.Single(calls);
        Assert.Equal(0, _loop.Count);
    }

    [Fact]
    public void A_message_to_a_loop_that_is_over_wakes_nobody_else()
    {
        var over = new EventLoop("over");
        over.Start();
        over.Dispose();
        List<SafeFd> heirs = [.. Enumerable.Range(0, 20).Select(_ => Counter())]; // one of them has the number of its bell

        over.Post(_ => { });
        over.Stop();

        Assert.All(heirs, heir => Assert.Equal(-(int)Errno.EAGAIN, Libc.read(heir.Value, new byte[8])));
        heirs.ForEach(heir => heir.Dispose());
    }

    [Fact(Timeout = 150_000)]
    public async Task A_message_that_is_sent_again_and_again_keeps_no_event_waiting()
    {
        const int Many = 100_000;
        int turns = 0, turnsBefore = -1;
        using SafeFd key = Counter();
        var served = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var source = new Source((_, _) =>
        {
            turnsBefore = turns;
            served.TrySetResult();
        });
        void Again(object? _)
        {
            if (turns++ == 0)
                _ = Libc.write(key.Value, [1, 0, 0, 0, 0, 0, 0, 0]);
            if (turns < Many)
                _loop.Post(Again);
        }

        _loop.Post(_ => _loop.Add(key.Value, Libc.EPOLLIN | Libc.EPOLLET, source, role: 0));
        _loop.Post(Again);
        _loop.Start();
        await served.Task;

        Assert.InRange(turnsBefore, 1, 10);
    }

    [Fact(Timeout = 150_000)]
    public async Task Loops_whose_threads_wait_for_ever_are_left_to_themselves_2_seconds_after_they_were_told_to_stop()
    {
        EventLoop[] stuck = [.. Enumerable.Range(0, 5).Select(i => new EventLoop($"stuck-{i}"))];
        using var begun = new CountdownEvent(stuck.Length);
        using var never = new ManualResetEventSlim();
        foreach (EventLoop loop in stuck)
        {
            loop.Start();
            loop.Post(_ =>
            {
                begun.Signal();
                never.Wait(TestContext.Current.CancellationToken);
            });
        }

        begun.Wait(TestContext.Current.CancellationToken);
        long start = Environment.TickCount64;

        foreach (EventLoop loop in stuck)
            loop.Stop();
        bool[] ended = await Task.Run(() => stuck.Select(static loop => loop.TryEnd()).ToArray(), TestContext.Current.CancellationToken);

        Assert.All(ended, Assert.False);
        Assert.InRange(Environment.TickCount64 - start, 1_900, 9_000); // 10 s where each had its own
        never.Set();
    }

    [Fact(Timeout = 150_000)]
    public async Task Whoever_takes_the_slot_of_one_removed_gets_none_of_its_events()
    {
        var slots = new int[2];
        var calls = new List<int>();
        int successor = -1;
        using SafeFd first = Counter(), second = Counter(), third = Counter();
        Source? source = null;
        source = new Source((role, _) =>
        {
            calls.Add(role);
            _loop.Remove(ref slots[role]);
            int freed = slots[1 - role];
            _loop.Remove(ref slots[1 - role]);
            successor = _loop.Add(third.Value, Libc.EPOLLIN, source!, role: 2);
            Assert.Equal(freed, successor);
        });
        await OneTurn(() => slots = [_loop.Add(first.Value, Libc.EPOLLIN, source, 0), _loop.Add(second.Value, Libc.EPOLLIN, source, 1)], first, second);
        Assert.Single(calls);
        Assert.Equal(1, _loop.Count);
    }

    [Fact(Timeout = 150_000)]
    public async Task Urgent_events_come_before_others_of_their_turn()
    {
        var slots = new int[3];
        var calls = new List<int>();
        using SafeFd first = Counter(), second = Counter(), third = Counter();
        var source = new Source((role, _) =>
        {
            calls.Add(role);
            _loop.Remove(ref slots[role]);
        });
        await OneTurn(
            () => slots =
            [
                _loop.Add(first.Value, Libc.EPOLLIN, source, 0), _loop.Add(second.Value, Libc.EPOLLIN, source, 1), _loop.Add(third.Value, Libc.EPOLLIN, source, 2, urgent: true),
            ],
            first,
            second,
            third);
        Assert.Equal([2, 0, 1], calls);
    }

    [Fact(Timeout = 150_000)]
    public async Task Modify_changes_what_is_waited_for()
    {
        using SafeFd counter = Counter();
        var events = new TaskCompletionSource<uint>(TaskCreationOptions.RunContinuationsAsynchronously);
        int slot = -1;
        var source = new Source((_, happened) =>
        {
            _loop.Remove(ref slot);
            events.SetResult(happened);
        });
        _loop.Start();
        await Do(() => slot = _loop.Add(counter.Value, Libc.EPOLLIN, source, 0));
        await Do(() => _loop.Modify(slot, Libc.EPOLLIN | Libc.EPOLLOUT));
        Assert.Equal(Libc.EPOLLOUT, await events.Task);
    }

    [Fact(Timeout = 150_000)]
    public async Task Slots_are_used_again_and_grow_on_demand()
    {
        _loop.Start();
        List<SafeFd> counters = [.. Enumerable.Range(0, 200).Select(_ => Counter())];
        var source = new Source((_, _) => { });
        await Do(() =>
        {
            int[] slots = [.. counters.Select(counter => _loop.Add(counter.Value, Libc.EPOLLIN, source, 0))];
            Assert.Equal(200, slots.Distinct().Count());
            for (int i = 0; i < slots.Length; i++)
                _loop.Remove(ref slots[i]);
            Assert.All(slots, slot => Assert.Equal(-1, slot));
            int[] again = [.. counters.Select(counter => _loop.Add(counter.Value, Libc.EPOLLIN, source, 0))];
            Assert.Equal(Enumerable.Range(0, 200), again.Order());
        });
        Assert.Equal(200, _loop.Count);
        counters.ForEach(counter => counter.Dispose());
    }

    [Fact(Timeout = 150_000)]
    public async Task A_descriptor_that_the_kernel_refuses_leaves_no_trace()
    {
        _loop.Start();
        await Do(() =>
        {
            KernelException failure = Assert.Throws<KernelException>(() => _loop.Add(1_000_000, Libc.EPOLLIN, new Source((_, _) => { }), 0));
            Assert.Equal("epoll_ctl(ADD) on descriptor 1000000: EBADF (Bad file descriptor)", failure.Message);
            Assert.Equal(0, _loop.Count);
        });
    }

    [Fact(Timeout = 150_000)]
    public async Task Timers_fire_in_the_order_of_their_moments_and_cancelled_ones_do_not()
    {
        _loop.Start();
        var fired = new List<int>();
        var last = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        long begin = Environment.TickCount64;
        await Do(() =>
        {
            var target = new TimerTarget(purpose =>
            {
                fired.Add(purpose);
                Assert.True(_loop.Now - begin >= purpose);
                if (purpose == 600) last.SetResult();
            });
            _loop.Schedule(600, target, 600);
            _loop.Schedule(20, target, 20);
            _loop.Schedule(30, target, 30).Cancel();
            _loop.Schedule(300, target, 300);
        });
        await last.Task;
        Assert.Equal([20, 300, 600], fired);
    }

    [Fact(Timeout = 150_000)]
    public async Task Messages_from_many_threads_arrive_once_and_in_the_order_of_their_sender()
    {
        const int Senders = 8, Messages = 20_000;
        _loop.Start();
        int[] next = new int[Senders];
        int received = 0;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task[] senders = [.. Enumerable.Range(0, Senders).Select(sender => Task.Run(() =>
        {
            for (int i = 0; i < Messages; i++)
            {
                int number = i;
                _loop.Post(_ =>
                {
                    Assert.True(_loop.IsCurrent);
                    Assert.Equal(next[sender]++, number);
                    if (++received == Senders * Messages) all.SetResult();
                });
            }
        }))];
        await Task.WhenAll(senders);
        await all.Task;
        Assert.False(_loop.IsCurrent);
    }

    /// <summary>A message may be taken before its sender has rung the bell; the bell that rings afterwards must not keep the loop awake.</summary>
    [Fact(Timeout = 150_000)]
    public async Task A_loop_with_nothing_to_do_takes_no_time()
    {
        _loop.Start();
        using SafeFd busy = Counter();
        Ring(busy);
        int slot = -1;
        for (int round = 0; round < 20; round++)
        {
            await Do(() => slot = _loop.Add(busy.Value, Libc.EPOLLIN, new Source((_, _) => { }), 0));
            await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
            {
                for (int i = 0; i < 5_000; i++)
                    _loop.Post(_ => { });
            })));

            var used = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            _loop.Post(_ =>
            {
                _loop.Remove(ref slot);
                _loop.Schedule(10, new TimerTarget(_ =>
                {
                    long begin = NanosecondsOfThisThread();
                    _loop.Schedule(50, new TimerTarget(_ => used.SetResult(NanosecondsOfThisThread() - begin)), 0);
                }), 0);
            });
            Assert.InRange(await used.Task, 0, 20_000_000);
        }
    }

    [Fact(Timeout = 150_000)]
    public async Task Stop_ends_a_loop_on_the_thread_that_runs_it()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            _loop.Run();
            ended.SetResult();
        })
        { IsBackground = true }.Start();
        await Do(() => Assert.True(_loop.IsCurrent));
        _loop.Stop();
        await ended.Task;
    }

    private static SafeFd Counter() => new(Libc.eventfd());

    private static void Ring(SafeFd counter) => Assert.Equal(8, Libc.write(counter.Value, [1, 0, 0, 0, 0, 0, 0, 0]));

    private static long NanosecondsOfThisThread() =>
        long.Parse(File.ReadAllText("/proc/thread-self/schedstat").Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Lets the first turn of the loop meet all the counters at once, and returns after the turn.</summary>
    private async Task OneTurn(Action add, params SafeFd[] counters)
    {
        add();
        foreach (SafeFd counter in counters)
            Ring(counter);
        _loop.Start();
        await Do(() => { });
        await Do(() => { });
    }

    private Task Do(Action action)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _loop.Post(_ =>
        {
            try
            {
                action();
                done.SetResult();
            }
            catch (Exception failure)
            {
                done.SetException(failure);
            }
        });
        return done.Task;
    }

    private sealed class Source(Action<int, uint> onEvents) : IEventSource
    {
        public void OnEvents(int role, uint events) => onEvents(role, events);
    }

    private sealed class TimerTarget(Action<int> onTimer) : ITimerTarget
    {
        public void OnTimer(int purpose) => onTimer(purpose);
    }
}
