using System.Diagnostics;

namespace Forkpty.Client;

/// <summary>
/// Tells when the next packet may be sent to a router of uWSGI, which loses everything that follows a stdin packet in the same
/// read: only when it has read the one before.
/// </summary>
internal sealed class Pacer(RouterConnection connection)
{
    // Over TCP "not unread" means that the peer's kernel has the bytes. Its process reads them within this, unless its machine is very
    // busy: 3 ms were too few at a load of 20 on 2 processors. A paste goes at 400 KB/s then, and too early would cost the session.
    private static readonly TimeSpan ReadAfterAcknowledged = TimeSpan.FromMilliseconds(10);

    // Sent this long ago and acknowledged: it arrived at least half a round trip ago, nothing to wait for.
    // Key repeat is slower than this, so a held key never waits.
    private static readonly TimeSpan LongAgo = TimeSpan.FromMilliseconds(25);

    private long _sentAt;
    private long _acknowledgedAt;
    private bool _waiting;

    /// <summary>Milliseconds to wait before asking again: short at first, then longer for a router that does not read.</summary>
    public int RetryAfter => Stopwatch.GetElapsedTime(_sentAt).TotalMilliseconds switch
    {
        < 50 => 1,
        < 1_000 => 5,
        _ => 50,
    };

    /// <summary>To be called after each packet.</summary>
    public void Sent()
    {
        _waiting = true;
        _sentAt = Stopwatch.GetTimestamp();
        _acknowledgedAt = 0;
    }

    /// <summary>True where the last packet has been read, as far as one can tell.</summary>
    public bool MaySend()
    {
        if (_waiting) _waiting = !HasBeenRead();
        return !_waiting;
    }

    private bool HasBeenRead()
    {
        if (connection.Unread > 0) return false;
        if (!connection.IsTcp) return true;

        if (_acknowledgedAt != 0) return Stopwatch.GetElapsedTime(_acknowledgedAt) >= ReadAfterAcknowledged;
        _acknowledgedAt = Stopwatch.GetTimestamp();
        return Stopwatch.GetElapsedTime(_sentAt) >= LongAgo;
    }
}
