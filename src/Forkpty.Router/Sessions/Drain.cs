using Forkpty.Reactor;

namespace Forkpty.Sessions;

/// <summary>
/// Decides when a session is over whose program has ended while another process still holds its terminal or pipes. Where nobody holds them the kernel says so at once.
/// </summary>
internal sealed class Drain : ITimerTarget
{
    /// <summary>Quiet for this many milliseconds, or at the latest after this many: the session ends.</summary>
    private const int Quiet = 200;
    private const int Limit = 2_000;

    /// <summary>Bytes that a terminal can hold back at most: 64 KiB of flip buffers and the line discipline's 4 KiB, with a margin. Once so many came after the program's end, all it wrote has come.</summary>
    public const int MostBytesInTerminal = 128 * 1024;

    private const int QuietPurpose = 0;
    private const int LimitPurpose = 1;

    private readonly IDrained _session;
    private readonly long _begin;
    private LoopTimer? _quiet;
    private LoopTimer? _limit;
    private bool _isOver;

    /// <param name="session">The session whose program has ended.</param>
    /// <param name="isLimited">Whether one that goes on talking is not listened to for ever.</param>
    public Drain(IDrained session, bool isLimited)
    {
        _session = session;
        _begin = session.Offset;
        _quiet = Schedule(Quiet, QuietPurpose);
        if (isLimited)
            _limit = Schedule(Limit, LimitPurpose);
    }

    /// <summary>Whether all has come that the program can have written; what follows is another process's.</summary>
    public bool HasAll => _session.Offset - _begin >= MostBytesInTerminal;

    /// <summary>The session is over.</summary>
    public void Stop()
    {
        _isOver = true;
        _quiet?.Cancel();
        _limit?.Cancel();
    }

    void ITimerTarget.OnTimer(int purpose)
    {
        if (purpose == QuietPurpose)
            OnQuiet();
        else
            OnLimit();
    }

    /// <summary>Another process holds the output, and says nothing.</summary>
    private void OnQuiet()
    {
        long rest = _session.LastTraffic + Quiet - _session.Lane.Loop.Now;
        if (rest <= 0 && !_session.IsHeld)
            _session.Finish();
        else
            _quiet = Schedule((int)Math.Max(rest, Quiet / 4), QuietPurpose);
    }

    /// <summary>Another process holds the output, and goes on talking. What the program wrote comes first, however slow the clients.</summary>
    private void OnLimit()
    {
        long before = _session.Offset;
        _session.ReadRest(); // the client may have caught up just now, with output still there to read
        if (_isOver) return;
        if ((!_session.IsHeld && _session.Offset == before) || HasAll)
            _session.Finish();
        else
            _limit = Schedule(Quiet, LimitPurpose);
    }

    private LoopTimer Schedule(int milliseconds, int purpose) => _session.Lane.Loop.Schedule(milliseconds, this, purpose);
}
