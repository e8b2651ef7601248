using System.Runtime.InteropServices;

namespace Forkpty.Interop;

// time.h, sys/param.h
internal static unsafe partial class Libc
{
    private const int CLOCK_MONOTONIC = 1;
    private const int CLOCK_BOOTTIME = 7;

    /// <summary>Ticks of /proc in a second, on every architecture of .NET; proc_pid_stat(5).</summary>
    private const int HZ = 100;

    /// <summary>struct timespec on 64-bit machines.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct timespec
    {
        public long tv_sec;
        public long tv_nsec;
    }

    /// <summary>Now, as /proc/PID/stat counts the start of a process: ticks of 10 ms since boot, rounded down.</summary>
    public static ulong boot_ticks() => ticks(CLOCK_BOOTTIME);

    /// <summary>How many of the <see cref="boot_ticks"/> the machine has slept: by so many its monotonic clock is behind.</summary>
    public static ulong suspended_ticks()
    {
        ulong monotonic = ticks(CLOCK_MONOTONIC);
        return boot_ticks() - monotonic;
    }

    private static ulong ticks(int clock)
    {
        timespec now;
        _ = _clock_gettime(clock, &now);
        return ((ulong)now.tv_sec * HZ) + ((ulong)now.tv_nsec / (1_000_000_000 / HZ));
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int _clock_gettime(int clock, timespec* time);
}
