using Forkpty.Interop;

namespace Forkpty;

/// <summary>
/// Keeps the start of a program and the close of a terminal's master apart. In its first moments a child of posix_spawn(3) has a copy of every descriptor. Where a master is closed
/// meanwhile, the child's copy is the last one, and the hang-up of that terminal is done by the child: where it waits without end (a program that faults in the middle of a read of its terminal, on
/// a page that comes from a dead file system or from nobody), so do the child, and who started it.
/// </summary>
/// <remarks>
/// For the whole process, as its table of descriptors is. A close takes the descriptor out of the table at once, and only then waits for the kernel: one that does holds up no start for longer than its moment.
/// Nobody looks whether the descriptor is still there: any call with it would have a reference to it for that time, which could then be the last one.
/// </remarks>
internal static unsafe class SpawnGate
{
    /// <summary>Milliseconds that one waits for another at most: a start that takes longer waits for the kernel, and has no copies any more.</summary>
    private const int MostWait = 1_000;

    /// <summary>Milliseconds in which close(2) has taken a descriptor out of the table.</summary>
    private const int CloseMoment = 100;

    private static readonly object Gate = new(); // guards all below; pulsed when somebody may go on
    private static readonly List<long> Starts = []; // when those that are under way began, the latest last
    private static readonly List<Closing> Closings = [];

    private static long Now => Environment.TickCount64;

    /// <summary>Starts a program when no master is just being closed: posix_spawnp(3), with its result.</summary>
    /// <param name="pid">Its pid, where the result is 0.</param>
    /// <param name="file">The program.</param>
    /// <param name="actions">A posix_spawn_file_actions_t.</param>
    /// <param name="attributes">A posix_spawnattr_t, as from <see cref="SpawnAttributes.Create"/>.</param>
    /// <param name="arguments">Its argv.</param>
    /// <param name="environment">Its envp.</param>
    public static int Spawn(out int pid, byte* file, byte* actions, byte[] attributes, byte** arguments, byte** environment)
    {
        pid = 0;
        long begun = Enter();
        try
        {
            fixed (int* started = &pid)
            fixed (byte* how = attributes)
                return Libc.posix_spawnp(started, file, actions, how, arguments, environment);
        }
        finally
        {
            Leave(begun);
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

    /// <summary>A start is under way, from the time that this returns.</summary>
    private static long Enter()
    {
        lock (Gate)
        {
            while (HeldUntil() - Now is > 0 and long left)
                _ = Monitor.Wait(Gate, (int)left);
            long now = Now;
            Starts.Add(now);
            return now;
        }
    }

    private static void Leave(long begun)
    {
        lock (Gate)
        {
            _ = Starts.Remove(begun);
            if (Closings.Count > 0)
                Monitor.PulseAll(Gate);
        }
    }

    /// <summary>When every close is past its moment.</summary>
    private static long HeldUntil()
    {
        long last = 0;
        foreach (Closing closing in Closings)
            last = Math.Max(last, closing.HoldsUntil);
        return last;
    }

    /// <summary>The time in which masters are closed.</summary>
    public sealed class Closing : IDisposable
    {
        /// <summary>No program is started before.</summary>
        internal long HoldsUntil { get; private set; }

        /// <summary>Closes one, the last reference to which is the caller's, when the programs that are just being started have no copy of it.</summary>
        public void Close(SafeFd master)
        {
            lock (Gate)
            {
                long until = HoldsUntil = Now + MostWait;
                while (Starts.Count > 0 && Math.Min(until, Starts[^1] + MostWait) - Now is > 0 and long left)
                    _ = Monitor.Wait(Gate, (int)left);
                HoldsUntil = Now + CloseMoment;
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
