namespace Forkpty.Bench;

/// <summary>One number of a figure, and so one row of its table. Two of the same title are two: "... p99" is of the row above it.</summary>
internal sealed class Metric(string title, string unit, Floor? floor = null)
{
    public string Title => title;

    public string Unit => unit;

    public Floor? Floor => floor;
}
