using System.Diagnostics;

namespace Forkpty.Bench;

/// <summary>Measured times, sorted once.</summary>
internal sealed class Samples
{
    private readonly long[] _ticks;

    public Samples(long[] ticks)
    {
        _ticks = ticks;
        Array.Sort(_ticks);
    }

    /// <summary>Those of several turns as one.</summary>
    public static Samples Together(IEnumerable<Samples> turns) => new([.. turns.SelectMany(turn => turn._ticks)]);

    /// <summary>The time that a share of all stays below (0.5: the median), in microseconds.</summary>
    public double Microseconds(double share) =>
        _ticks[Math.Min(_ticks.Length - 1, (int)(share * _ticks.Length))] * 1e6 / Stopwatch.Frequency;
}
