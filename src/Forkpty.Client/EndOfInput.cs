using System.Diagnostics;

namespace Forkpty.Client;

/// <summary>
/// Says "end of input" to a program on a terminal, where nothing but a typed character can say it: again and again, because one ends
/// a line that is begun, one the program, one the shell that it came from. A closed half of the connection would say nothing:
/// uWSGI's router kills the session then, and what it has still to print is lost.
/// </summary>
internal sealed class EndOfInput
{
    /// <summary>Control-D, the EOF character of a terminal unless somebody has changed it.</summary>
    public const byte Character = 0x04;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private TimeSpan _pause = TimeSpan.FromMilliseconds(50);
    private long _next = long.MaxValue;

    public bool HasBegun => _next != long.MaxValue;

    /// <summary>Milliseconds until <see cref="IsDue"/>, -1 where the input has not ended.</summary>
    public int DueIn => !HasBegun ? -1 : (int)Math.Max(0, Math.Ceiling(Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), _next).TotalMilliseconds));

    public bool IsDue => Stopwatch.GetTimestamp() >= _next;

    public void Begin() => _next = Stopwatch.GetTimestamp();

    /// <summary>To be called each time the character has been sent.</summary>
    public void Said()
    {
        _next = Stopwatch.GetTimestamp() + (long)(_pause.TotalSeconds * Stopwatch.Frequency);
        _pause = _pause * 2 < Longest ? _pause * 2 : Longest;
    }
}
