using System.Diagnostics;
using Forkpty.Interop;

namespace Forkpty.Bench;

/// <summary>
/// Reads many flooding sessions as fast as they come, and counts. One thread with one epoll: it takes what has gathered in each socket in one read, where a
/// thread per session would be woken for every few KB; so it leaves the most processor time to what is measured.
/// </summary>
internal sealed class Drain : IDisposable
{
    private const int BufferBytes = 64 * 1024;
    private const int EventsPerWait = 64;

    private readonly int _epoll = KernelException.Check(Libc.epoll_create1(), "epoll_create1", "a drain");
    private readonly IReadOnlyList<Connection> _sessions;
    private readonly Thread _thread;
    private long _bytes;
    private int _ended;
    private volatile bool _stop;

    public Drain(IReadOnlyList<Connection> sessions)
    {
        _sessions = sessions;
        for (int i = 0; i < sessions.Count; i++)
            KernelException.Check(Libc.epoll_ctl(_epoll, Libc.EPOLL_CTL_ADD, sessions[i].Fd, Libc.EPOLLIN, (ulong)i), "epoll_ctl", "a session");
        _thread = new Thread(ReadAll) { Name = "drain", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Starts to measure what flows from here on.</summary>
    public Flow Measure() => new(this);

    public void Dispose()
    {
        _stop = true;
        _thread.Join();
        Libc.close(_epoll);
    }

    private void ReadAll()
    {
        Span<byte> events = stackalloc byte[EventsPerWait * Libc.epoll_event_size];
        byte[] buffer = GC.AllocateUninitializedArray<byte>(BufferBytes);
        while (!_stop)
        {
            int count = Libc.epoll_wait(_epoll, events, 100);
            for (int i = 0; i < count; i++)
                Read(_sessions[(int)Libc.epoll_event(events, i).Data], buffer);
        }
    }

    private void Read(Connection session, byte[] buffer)
    {
        int count = session.Receive(buffer);
        Volatile.Write(ref _bytes, _bytes + count);
        if (count == 0)
        {
            Interlocked.Increment(ref _ended);
            Libc.epoll_ctl(_epoll, Libc.EPOLL_CTL_DEL, session.Fd, 0, 0);
        }
    }

    /// <summary>What has come since <see cref="Measure"/>.</summary>
    internal readonly struct Flow(Drain drain)
    {
        private readonly long _from = Volatile.Read(ref drain._bytes);
        private readonly long _start = Stopwatch.GetTimestamp();

        public double MibPerSecond() => drain._ended == 0
            ? (Volatile.Read(ref drain._bytes) - _from) / 1048576.0 / Stopwatch.GetElapsedTime(_start).TotalSeconds
            : throw new BenchException($"{drain._ended} of {drain._sessions.Count} flooding sessions ended");
    }
}
