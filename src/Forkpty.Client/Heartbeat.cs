using System.Diagnostics;

namespace Forkpty.Client;

/// <summary>
/// Finds out that a connection over TCP is dead, which the kernel tells after minutes only: a PING each 5 s, and three without any answer are the end. Counted in
/// PINGs and not in time, so that a client that was stopped for an hour gives the router a chance to answer.
/// </summary>
internal sealed class Heartbeat
{
    /// <summary>Seconds without an answer after which a connection is dead.</summary>
    public const int Limit = MostUnanswered * Interval / 1000;

    private const int Interval = 5_000; // milliseconds
    private const int MostUnanswered = 3;

    private long _last = Stopwatch.GetTimestamp();
    private int _unanswered;

    /// <summary>Milliseconds until <see cref="Beat"/>.</summary>
    public int DueIn => (int)Math.Max(0, Math.Ceiling(Interval - Stopwatch.GetElapsedTime(_last).TotalMilliseconds));

    /// <summary>Something has come from the router, or nothing could be read.</summary>
    public void Heard() => _unanswered = 0;

    /// <summary>To be called when it is due. True where a PING has to be sent, false where the connection is dead.</summary>
    public bool Beat()
    {
        _last = Stopwatch.GetTimestamp();
        return _unanswered++ < MostUnanswered;
    }
}
