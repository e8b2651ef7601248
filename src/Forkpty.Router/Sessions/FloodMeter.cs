namespace Forkpty.Sessions;

/// <summary>Tells a session that floods from one that does not.</summary>
/// <remarks>A mutable struct: keep it in a field and never copy it.</remarks>
internal struct FloodMeter
{
    /// <summary>
    /// More than so many bytes within so many milliseconds is a flood and goes to a bulk lane. Low on purpose: of many floods on a busy machine each one gets only a
    /// few hundred KB a second, and together they hold up every keystroke; a screen that is drawn anew and moves for nothing costs 10 us.
    /// </summary>
    private const int FloodBytes = 8 * 1024;
    private const int FloodWindow = 50;

    /// <summary>No more than <see cref="FloodBytes"/> within so many milliseconds is quiet, and comes back.</summary>
    private const int QuietWindow = 200;

    private long _windowStart;
    private int _windowBytes;

    /// <summary>Begins anew, on another lane.</summary>
    public void Reset(long now)
    {
        _windowStart = now;
        _windowBytes = 0;
    }

    /// <summary>Counts output.</summary>
    /// <returns>Whether the session belongs on the other kind of lane now.</returns>
    public bool Count(int bytes, long now, bool isOnBulkLane)
    {
        if (now - _windowStart <= (isOnBulkLane ? QuietWindow : FloodWindow))
        {
            _windowBytes += bytes;
            return !isOnBulkLane && _windowBytes > FloodBytes;
        }

        bool isQuiet = _windowBytes <= FloodBytes;
        _windowStart = now;
        _windowBytes = bytes;
        return isOnBulkLane && isQuiet;
    }
}
