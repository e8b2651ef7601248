using Forkpty.Interop;

namespace Forkpty;

/// <summary>
/// Keeps the start of a program and the close of a terminal's master apart. In its first moments a child of posix_spawn(3) has a copy of every descriptor. Where a master is closed
/// meanwhile, the child's copy is the last one, and the hang-up of that terminal is done by the child: where it waits without end (a program that faults in the middle of a read of its terminal, on
/// a page that comes from a dead file system or from nobody), so do the child, and who started it.
/// </summary>
/// <remarks>
/// For the whole process, as its table of descriptors is. A close takes the descriptor out of the table at once, and only then waits for the kernel: from that moment on it holds up no start.
/// </remarks>
internal static class SpawnGate
{
    /// <summary>Milliseconds that one waits for another at most: a start that takes longer waits for the kernel, and has no copies any more.</summary>
    private const int MostWait = 1_000;

    /// <summary>Milliseconds between two looks whether a descriptor has left the table.</summary>
    private const int Look = 1;

    private static readonly object Gate = new(); // guards all below; pulsed when somebody may go on
    private static readonly List<long> Starts = []; // when those that are under way began, the latest last
    private static readonly List<Closing> Closings = [];

    private static long Now => Environment.TickCount64;

    /// <summary>Waits until no master is just being closed; a program may be started until this is disposed.</summary>
    public static Passage Start()
    {
        lock (Gate)
        {
            while (Closings.Exists(static closing => closing.HoldsUp))
                _ = Monitor.Wait(Gate, Look);
            long now = Now;
            Starts.Add(now);
            return new Passage(now);
        }
    }

    /// <summary>Masters are closed, until this is disposed; meanwhile programs are started only while one of them makes us wait.</summary>
    public static Closing Close()
    {
        lock (Gate)
        {
            var closing = new Closing();
            Closings.Add(closing);
            return closing;
        }
    }

    /// <summary>The time in which a program is started.</summary>
    public readonly ref struct Passage(long begun)
    {
        public void Dispose()
        {
            lock (Gate)
            {
                _ = Starts.Remove(begun);
                if (Closings.Count > 0)
                    Monitor.PulseAll(Gate);
            }
        }
    }

    /// <summary>The time in which masters are closed.</summary>
    public sealed class Closing : IDisposable
    {
        private long _until = Now + MostWait;
        private int _fd = -1;
        private int _number;

        /// <summary>Whether no program may be started. What is in the table under the descriptor's number by now may be something else.</summary>
        internal bool HoldsUp => Now < _until && (_fd < 0 || (Libc.ioctl_TIOCGPTN(_fd, out int number) >= 0 && number == _number));

        /// <summary>Closes one, the last reference to which is the caller's, when the programs that are just being started have no copy of it.</summary>
        public void Close(SafeFd master)
        {
            lock (Gate)
            {
                (_fd, _until) = (-1, Now + MostWait);
                while (Starts.Count > 0 && Math.Min(_until, Starts[^1] + MostWait) - Now is > 0 and long left)
                    _ = Monitor.Wait(Gate, (int)left);
                _ = Libc.ioctl_TIOCGPTN(master.Value, out _number);
                (_fd, _until) = (master.Value, Now + MostWait);
            }

            master.Dispose();
        }

        public void Dispose()
        {
            lock (Gate)
            {
                _ = Closings.Remove(this);
                Monitor.PulseAll(Gate);
            }
        }
    }
}
