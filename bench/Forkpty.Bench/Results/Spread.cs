namespace Forkpty.Bench;

/// <summary>What the rounds of one number came to.</summary>
internal sealed record Spread(double Median, double Min, double Max)
{
    /// <summary>Null where there was no round.</summary>
    public static Spread? Of(IEnumerable<double> rounds)
    {
        double[] sorted = [.. rounds.Order()];
        return sorted.Length == 0 ? null : new Spread(Middle(sorted), sorted[0], sorted[^1]);
    }

    public override string ToString() => Min == Max ? Number.Short(Median) : $"{Number.Short(Median)} [{Number.Short(Min)}..{Number.Short(Max)}]";

    private static double Middle(double[] sorted) => (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
}
