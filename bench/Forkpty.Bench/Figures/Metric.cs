namespace Forkpty.Bench;

/// <summary>One number of a figure, and so one row of its table.</summary>
internal sealed record Metric(string Title, string Unit, Floor? Floor = null);
