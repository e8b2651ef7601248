namespace Forkpty.Bench;

/// <summary>A moment after which waiting is given up.</summary>
internal readonly struct Deadline
{
    private readonly long _at;

    private Deadline(long at) => _at = at;

    public static Deadline In(TimeSpan time) => new(Environment.TickCount64 + (long)time.TotalMilliseconds);

    public bool HasPassed => MillisecondsLeft == 0;

    public int MillisecondsLeft => (int)Math.Max(0, _at - Environment.TickCount64);
}
