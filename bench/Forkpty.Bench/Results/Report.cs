using System.Globalization;
using System.Text;

namespace Forkpty.Bench;

/// <summary>The tables, in Markdown.</summary>
internal sealed class Report(IReadOnlyList<Peer> peers, IReadOnlyList<Figure> figures, Measurements measurements, string command, int rounds, bool quick)
{
    private const string Begin = "<!-- figures: written by make bench -->";
    private const string End = "<!-- end of figures -->";
    private const string Ours = FptyPeer.Present;
    private const string Original = "uwsgi";

    // What the executable that is measured is set beside, in a column of its own.
    private static readonly (string Peer, string Title)[] Others = [(Original, "uWSGI"), (FptyPeer.Former, "former")];

    private readonly List<string> _missed = [];

    /// <summary>The facts of the run, the verdict, and a table for each figure.</summary>
    public string Write()
    {
        StringBuilder tables = new();
        foreach (Figure figure in figures)
            WriteTable(tables, figure);

        StringBuilder text = new();
        foreach (string fact in Machine.Facts())
            text.AppendLine(CultureInfo.InvariantCulture, $"- {fact}");
        foreach (Peer peer in peers)
            text.AppendLine(CultureInfo.InvariantCulture, $"- {peer.Version}");
        text.AppendLine(CultureInfo.InvariantCulture, $"- {rounds} {(rounds == 1 ? "round" : "rounds")}, made by `{command}`");
        if (quick)
            text.AppendLine("- quick: a fraction of the amounts that the methods below name, so these numbers mean little");
        if (Has(Ours) && Has(Original))
        {
            string verdict = _missed.Count == 0 ? "Every floor is held." : $"Floors missed: {string.Join("; ", _missed)}.";
            text.AppendLine().AppendLine(verdict);
        }
        if (measurements.Failures.Count > 0)
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"Not measured to the end, so that the tables have less of it: {string.Join("; ", measurements.Failures)}.");
        return text.Append(tables).ToString();
    }

    /// <summary>Puts the tables between the marks of a document, which keeps what people wrote around them.</summary>
    public static void Into(string file, string tables)
    {
        string text = File.Exists(file) ? File.ReadAllText(file) : $"# Benchmarks\n\n{Begin}\n{End}\n";
        int from = text.IndexOf(Begin, StringComparison.Ordinal);
        int to = text.IndexOf(End, StringComparison.Ordinal);
        if (from < 0 || to < from)
            throw new BenchException($"{file} lacks the lines \"{Begin}\" and \"{End}\" that the tables go between");
        File.WriteAllText(file, $"{text[..from]}{Begin}\n\n{tables}\n{text[to..]}");
    }

    private void WriteTable(StringBuilder text, Figure figure)
    {
        List<Peer> shown = [.. peers.Where(figure.AppliesTo)];
        (string Peer, string Title)[] compared = Has(Ours) ? [.. Others.Where(other => Has(other.Peer))] : [];
        text.Append(CultureInfo.InvariantCulture, $"\n## {figure.Title}\n\n{figure.Method}\n\n| |");
        shown.ForEach(peer => text.Append(CultureInfo.InvariantCulture, $" {peer.Name} |"));
        foreach ((_, string title) in compared)
            text.Append(CultureInfo.InvariantCulture, $" fpty / {title} |");
        text.AppendLine(" floor |");
        text.Append("| --- |").Insert(text.Length, " ---: |", shown.Count + compared.Length).AppendLine(" --- |");
        foreach (Metric metric in figure.Metrics)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {metric.Title}{(metric.Unit.Length > 0 ? $", {metric.Unit}" : "")} |");
            shown.ForEach(peer => text.Append(CultureInfo.InvariantCulture, $" {Cell(metric, peer)} |"));
            foreach ((string other, _) in compared)
                text.Append(CultureInfo.InvariantCulture, $" {measurements.Ratio(metric, Ours, other)?.ToString() ?? "-"} |");
            text.AppendLine(CultureInfo.InvariantCulture, $" {Verdict(figure, metric)} |");
        }
    }

    private string Cell(Metric metric, Peer peer)
    {
        string value = measurements.Of(metric, peer.Name)?.ToString() ?? "-";
        // The others' ratios in short: whether a round was typical shows in the first column already.
        return peer.Name is Ours or Original or FptyPeer.Former || measurements.Ratio(metric, peer.Name, Original) is not { } ratio
            ? value
            : $"{value} ({Number.Short(ratio.Median)})";
    }

    private string Verdict(Figure figure, Metric metric)
    {
        if (metric.Floor is not { } floor)
            return "";
        Spread? judged = floor.ToUwsgi ? measurements.Ratio(metric, Ours, Original) : measurements.Of(metric, Ours);
        if (judged is null)
            return floor.Words;
        if (floor.Holds(judged.Median))
            return $"{floor.Words}: held";
        _missed.Add($"{figure.Name}, {metric.Title} ({Number.Short(judged.Median)}, {floor.Words})");
        return $"**{floor.Words}: MISSED**";
    }

    private bool Has(string name) => peers.Any(peer => peer.Name == name);
}
