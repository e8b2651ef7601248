using System.Collections.Concurrent;
using Forkpty.Interop;

namespace Forkpty.Reactor;

/// <summary>
/// One thread, one epoll, and everything that belongs to it. Whoever adds a descriptor is called on this thread, and nobody else touches
/// what lives here: another thread posts a message. So there are no locks.
/// </summary>
/// <remarks>
/// Level-triggered. The data of an event are a slot's index and generation, never a descriptor's number: numbers are reused at once, and an
/// event of the turn in which a descriptor was removed must not reach its successor.
/// An exception that escapes a source is a broken invariant and stops the process, loudly.
/// </remarks>
internal sealed class EventLoop : IDisposable
{
    /// <summary>Most events of one turn. Enough that a turn of many busy sessions is one system call, few enough that a turn stays short.</summary>
    private const int MaxEvents = 256;

    private const ulong WakeUp = ulong.MaxValue;

    private readonly SafeFd _epoll;
    private readonly SafeFd _wake;
    private readonly byte[] _events = new byte[MaxEvents * Libc.epoll_event_size];
    private readonly ConcurrentQueue<(Action<object?> Action, object? State)> _mailbox = new();
    private readonly PriorityQueue<LoopTimer, long> _timers = new();
    private Slot[] _slots = new Slot[64];
    private int _firstFree = -1;
    private int _slotsUsed;
    private int _wakePending;
    private volatile bool _stopping;
    private long _waitedForUntil; // 0: it was not told to stop
    private Thread? _thread;

    public EventLoop(string name)
    {
        Name = name;
        _epoll = new SafeFd(KernelException.Check(Libc.epoll_create1(), "epoll_create1", name));
        try
        {
            _wake = new SafeFd(KernelException.Check(Libc.eventfd(), "eventfd", name));
        }
        catch
        {
            _epoll.Dispose();
            throw;
        }

        // Edge-triggered and never read: each write wakes up once. Level-triggered, a bell that rings after its message was taken (with
        // another one's bell) finds nobody to read it, and the loop would spin.
        Check(Libc.epoll_ctl(_epoll.Value, Libc.EPOLL_CTL_ADD, _wake.Value, Libc.EPOLLIN | Libc.EPOLLET, WakeUp), "epoll_ctl");
        Now = Environment.TickCount64;
    }

    /// <summary>The loop of the asynchronous library API, started when the first process is. Where that fails, for want of a descriptor, the next call tries again.</summary>
    public static EventLoop Shared
    {
        get
        {
            if (Volatile.Read(ref _shared) is { } running) return running;
            lock (SharedGate)
                return _shared ??= StartShared();
        }
    }

    private const int EndWait = 2_000; // milliseconds

    private static readonly Lock SharedGate = new();
    private static EventLoop? _shared;

    private static EventLoop StartShared()
    {
        var loop = new EventLoop("fpty-shared");
        loop.Start();
        return loop;
    }

    public string Name { get; }

    /// <summary>Monotonic milliseconds at the begin of this turn.</summary>
    public long Now { get; private set; }

    /// <summary>How many descriptors are watched.</summary>
    public int Count { get; private set; }

    /// <summary>Whether the caller runs on this loop's thread.</summary>
    public bool IsCurrent => Thread.CurrentThread == _thread;

    /// <summary>Buffers of this loop; whoever needs one for more than a call rents it here.</summary>
    public BufferPool Buffers { get; } = new();

    /// <summary>Runs the loop on a thread of its own.</summary>
    /// <exception cref="OutOfMemoryException">No thread can be made (RLIMIT_NPROC, pids.max); the loop does not run.</exception>
    public void Start()
    {
        _thread = new Thread(Turn) { Name = Name, IsBackground = true };
        try
        {
            _thread.Start();
        }
        catch
        {
            _thread = null;
            throw;
        }
    }

    /// <summary>Runs the loop on the calling thread until <see cref="Stop"/>.</summary>
    public void Run()
    {
        _thread = Thread.CurrentThread;
        Turn();
    }

    /// <summary>Ends the loop after its present turn; from any thread.</summary>
    public void Stop()
    {
        Interlocked.CompareExchange(ref _waitedForUntil, Environment.TickCount64 + EndWait, 0);
        _stopping = true;
        Wake();
    }

    /// <summary>
    /// Asks the loop to do something, in a turn to come; from any thread. The mailbox has no bound of its own: events and answers are bounded by
    /// their receivers' queues, all else by sessions, which descriptors bound.
    /// </summary>
    public void Post(Action<object?> action, object? state = null)
    {
        _mailbox.Enqueue((action, state));
        if (Interlocked.Exchange(ref _wakePending, 1) == 0)
            Wake();
    }

    /// <summary>Whether somebody has asked for something that is not done yet; any thread may ask.</summary>
    public bool HasMail => !_mailbox.IsEmpty;

    /// <summary>Watches a descriptor. <paramref name="urgent"/> events are served first in each turn: a keystroke before a flood.</summary>
    /// <returns>The slot, for <see cref="Modify"/> and <see cref="Remove"/>.</returns>
    /// <exception cref="KernelException">The kernel refuses, for want of memory or watches.</exception>
    public int Add(int fd, uint events, IEventSource source, int role, bool urgent = false)
    {
        int slot = TakeSlot();
        ref Slot s = ref _slots[slot];
        s.Source = source;
        s.Fd = fd;
        s.Role = role;
        s.Events = events;
        s.Urgent = urgent;
        int result = Libc.epoll_ctl(_epoll.Value, Libc.EPOLL_CTL_ADD, fd, events, Data(slot, s.Generation));
        if (result < 0)
        {
            FreeSlot(slot);
            throw new KernelException("epoll_ctl(ADD)", $"descriptor {fd}", result);
        }

        Count++;
        return slot;
    }

    /// <summary>Changes what is waited for; nothing happens where it is that already.</summary>
    public void Modify(int slot, uint events)
    {
        ref Slot s = ref _slots[slot];
        if (s.Events == events) return;
        s.Events = events;
        Check(Libc.epoll_ctl(_epoll.Value, Libc.EPOLL_CTL_MOD, s.Fd, events, Data(slot, s.Generation)), "epoll_ctl(MOD)");
    }

    /// <summary>Stops watching, before the descriptor is closed. Sets <paramref name="slot"/> to -1; nothing happens where it is that already.</summary>
    public void Remove(ref int slot)
    {
        if (slot < 0) return;
        Check(Libc.epoll_ctl(_epoll.Value, Libc.EPOLL_CTL_DEL, _slots[slot].Fd, 0, 0), "epoll_ctl(DEL)");
        FreeSlot(slot);
        Count--;
        slot = -1;
    }

    /// <summary>Calls the target back after some milliseconds.</summary>
    public LoopTimer Schedule(int milliseconds, ITimerTarget target, int purpose)
    {
        var timer = new LoopTimer(target, purpose);
        _timers.Enqueue(timer, Environment.TickCount64 + milliseconds);
        return timer;
    }

    /// <summary>
    /// Ends the loop after its present turn, and waits for that, until 2 seconds after it was first told to stop: a thread that waits for the kernel, as for a dead network file system, is
    /// left to itself with its descriptors.
    /// </summary>
    /// <returns>Whether its thread has ended, so that nobody touches what lives here any more.</returns>
    public bool TryEnd()
    {
        Stop();
        if (_thread is { } thread && !IsCurrent && !thread.Join((int)Math.Clamp(_waitedForUntil - Environment.TickCount64, 0, EndWait))) return false;
        _wake.Dispose();
        _epoll.Dispose();
        return true;
    }

    /// <inheritdoc cref="TryEnd"/>
    public void Dispose() => TryEnd();

    private void Turn()
    {
        try
        {
            while (!_stopping)
            {
                int count = Check(Libc.epoll_wait(_epoll.Value, _events, MillisecondsToNextTimer()), "epoll_wait");
                Now = Environment.TickCount64;
                Dispatch(count, urgent: true);
                Dispatch(count, urgent: false);
                DeliverMail();
                FireTimers();
            }
        }
        catch (Exception broken)
        {
            Environment.FailFast($"fpty: the event loop {Name} is broken: {broken}", broken);
        }
    }

    private void Dispatch(int count, bool urgent)
    {
        for (int i = 0; i < count; i++)
        {
            (uint events, ulong data) = Libc.epoll_event(_events, i);
            if (data == WakeUp) continue;
            ref Slot s = ref _slots[(int)(uint)data];
            if (s.Generation == (uint)(data >> 32) && s.Urgent == urgent)
                s.Source!.OnEvents(s.Role, events);
        }
    }

    /// <summary>
    /// Does what the loop was asked for when this turn came to it. What it is asked for meanwhile, by itself too, has to wait for the next turn: so who asks again and again
    /// never keeps events waiting.
    /// </summary>
    private void DeliverMail()
    {
        if (Volatile.Read(ref _wakePending) == 0) return;
        Volatile.Write(ref _wakePending, 0);
        Interlocked.MemoryBarrier(); // who asks from here on wakes the loop once more
        for (int due = _mailbox.Count; due > 0; due--)
            DeliverOne();
    }

    /// <summary>Delivers all mail, and what that mail posts. On the loop's thread.</summary>
    public void EmptyMailbox()
    {
        while (DeliverOne())
        {
        }
    }

    private bool DeliverOne()
    {
        if (!_mailbox.TryDequeue(out (Action<object?> Action, object? State) mail)) return false;
        mail.Action(mail.State);
        return true;
    }

    private int MillisecondsToNextTimer()
    {
        while (_timers.TryPeek(out LoopTimer? timer, out long due))
        {
            if (!timer.IsCancelled)
                return (int)Math.Clamp(due - Environment.TickCount64, 0, int.MaxValue);
            _timers.Dequeue();
        }

        return -1;
    }

    private void FireTimers()
    {
        while (_timers.TryPeek(out LoopTimer? timer, out long due) && (timer.IsCancelled || due <= Now))
        {
            _timers.Dequeue();
            timer.Fire();
        }
    }

    private void Wake()
    {
        try
        {
            using SafeFd.Lease wake = _wake.Hold();
            _ = Libc.write(wake.Value, [1, 0, 0, 0, 0, 0, 0, 0]);
        }
        catch (ObjectDisposedException)
        {
            // The loop is over, and nobody takes messages; the descriptor's number may be somebody else's by now.
        }
    }

    private int TakeSlot()
    {
        if (_firstFree >= 0)
        {
            int slot = _firstFree;
            _firstFree = _slots[slot].NextFree;
            return slot;
        }

        if (_slotsUsed == _slots.Length)
            Array.Resize(ref _slots, _slots.Length * 2);
        return _slotsUsed++;
    }

    private void FreeSlot(int slot)
    {
        ref Slot s = ref _slots[slot];
        s = new Slot { Generation = s.Generation + 1, NextFree = _firstFree };
        _firstFree = slot;
    }

    private static ulong Data(int slot, uint generation) => ((ulong)generation << 32) | (uint)slot;

    private int Check(int result, string call) => KernelException.Check(result, call, Name);

    private struct Slot
    {
        public IEventSource? Source;
        public int Fd;
        public int Role;
        public uint Events;
        public uint Generation;
        public int NextFree;
        public bool Urgent;
    }
}
