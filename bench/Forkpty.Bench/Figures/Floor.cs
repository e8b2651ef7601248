namespace Forkpty.Bench;

/// <summary>What a figure must reach: as a ratio to uWSGI in the same round, or by itself.</summary>
internal sealed record Floor(string Words, bool ToUwsgi, Func<double, bool> Holds)
{
    public static Floor RatioAtMost(double bound) => new($"at most {Number.Short(bound)} of uWSGI", true, value => value <= bound);

    public static Floor RatioAtLeast(double bound) => new($"at least {Number.Short(bound)} of uWSGI", true, value => value >= bound);

    public static Floor AtLeast(double bound) => new($"at least {Number.Short(bound)}", false, value => value >= bound);

    public static Floor AtMost(double bound, string unit) => new($"at most {Number.Short(bound)} {unit}".TrimEnd(), false, value => value <= bound);
}
