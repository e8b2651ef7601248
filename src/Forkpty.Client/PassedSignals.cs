using System.Diagnostics;
using Forkpty.Interop;

namespace Forkpty.Client;

/// <summary>
/// The signals that would end this client and were passed on to a program without a terminal instead: as in a pipe, what Ctrl-C is for is the program. Once each; a second one of a kind, or
/// a program that does not end, ends the client.
/// </summary>
internal sealed class PassedSignals
{
    private const int All = (1 << Libc.SIGINT) | (1 << Libc.SIGQUIT) | (1 << Libc.SIGTERM);

    // As long as container engines give a program to end.
    private static readonly TimeSpan Mercy = TimeSpan.FromSeconds(10);

    private int _passed; // bit N: signal N
    private long _last;

    /// <summary>The last one.</summary>
    public int Last { get; private set; }

    /// <summary>Milliseconds until the program has had time enough, -1 where nothing was passed on.</summary>
    public int DueIn => Last == 0 ? -1 : (int)Math.Max(0, Math.Ceiling((Mercy - Stopwatch.GetElapsedTime(_last)).TotalMilliseconds));

    /// <summary>Takes those that have arrived.</summary>
    /// <returns>False where one of them ends the client.</returns>
    public bool TryTake(SignalWatch.Signals arrived)
    {
        int ending = arrived.Bits & All;
        if (arrived.Has(Libc.SIGHUP) || (ending & _passed) != 0) return false;
        _passed |= ending;
        _last = Stopwatch.GetTimestamp();
        Last = arrived.Ending;
        return true;
    }
}
