using System.Diagnostics;

namespace Forkpty.Client;

/// <summary>
/// Tries for a while to connect again: at once, then at pauses that grow from 0.1 s to 2 s. It lasts until the session is there again: a connection that is made and
/// lost before that is one more attempt.
/// </summary>
internal sealed class Reconnection(RouterConnection lost, TimeSpan limit) : IDisposable
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    // A router that accepts and says nothing is stopped, or hangs: another attempt may meet its successor.
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(5);

    private readonly long _begun = Stopwatch.GetTimestamp();
    private TimeSpan _pause;
    private long _dueAt = Stopwatch.GetTimestamp(); // the next attempt, or the end of this one
    private RouterConnection? _connecting;

    /// <summary>True between <see cref="TryConnect"/>'s success and <see cref="Again"/>: the connection is there, and the session is not yet.</summary>
    public bool IsConnected { get; private set; }

    /// <summary>True where the last attempt did not even lead to a connection.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>Becomes writable when the attempt has an outcome; -1 where there is none.</summary>
    public int Descriptor => _connecting?.Descriptor ?? -1;

    /// <summary>True where it was tried long enough.</summary>
    public bool IsOver => Stopwatch.GetElapsedTime(_begun) >= limit;

    /// <summary>Milliseconds until something has to be done.</summary>
    public int DueIn
    {
        get
        {
            TimeSpan next = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), _dueAt);
            TimeSpan end = limit - Stopwatch.GetElapsedTime(_begun);
            return (int)Math.Max(0, Math.Ceiling((next < end ? next : end).TotalMilliseconds));
        }
    }

    /// <summary>True where the pause or the attempt is over.</summary>
    public bool IsDue => Stopwatch.GetTimestamp() >= _dueAt;

    /// <summary>Goes on with it: the connection, once it is there; null before.</summary>
    /// <param name="isReady">Whether <see cref="Descriptor"/> has become writable.</param>
    public RouterConnection? TryConnect(bool isReady)
    {
        if (_connecting is null)
        {
            if (!IsDue) return null;
            _connecting = lost.TryReopen();
            if (_connecting is null)
                Refused();
            else
                Allow(AnswerTime);
            return null;
        }

        if (isReady ? _connecting.HasFailed() : IsDue) Refused();
        if (!isReady || _connecting is null) return null;
        RouterConnection connection = _connecting;
        _connecting = null;
        connection.Connected();
        (IsConnected, IsRefused) = (true, false);
        Allow(AnswerTime);
        return connection;
    }

    /// <summary>This attempt has failed.</summary>
    public void Again()
    {
        _connecting?.Dispose();
        _connecting = null;
        IsConnected = false;
        Allow(_pause);
        _pause = TimeSpan.FromMilliseconds(Math.Min((_pause * 2).TotalMilliseconds + (_pause == default ? 100 : 0), LongestPause.TotalMilliseconds));
    }

    private void Refused()
    {
        IsRefused = true;
        Again();
    }

    public void Dispose() => _connecting?.Dispose();

    private void Allow(TimeSpan time) => _dueAt = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
}
