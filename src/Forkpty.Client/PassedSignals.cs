using Forkpty.Interop;

namespace Forkpty.Client;

/// <summary>
/// The signals that would end this client and were passed on to a program without a terminal instead: as in a pipe, what Ctrl-C is for is the program. Once each; a second one of a kind ends
/// the client.
/// </summary>
internal sealed class PassedSignals
{
    private int _passed; // bit N: signal N

    /// <summary>Those that are passed on.</summary>
    public static ReadOnlySpan<int> All => [Libc.SIGINT, Libc.SIGQUIT, Libc.SIGTERM];

    /// <summary>Takes those that have arrived.</summary>
    /// <returns>False where one of them ends the client.</returns>
    public bool TryTake(SignalWatch.Signals arrived)
    {
        if (arrived.Has(Libc.SIGHUP)) return false;
        foreach (int signal in All)
        {
            if (!arrived.Has(signal)) continue;
            if ((_passed & (1 << signal)) != 0) return false;
            _passed |= 1 << signal;
        }

        return true;
    }
}
