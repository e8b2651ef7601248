using System.Globalization;
using System.Text;
using Forkpty.Interop;

namespace Forkpty.Commands;

/// <summary>Lines in columns, the last one as long as it likes.</summary>
internal static class TextTable
{
    /// <summary>Of the last column as much as tells one line from another.</summary>
    private const int LeastOfLast = 20;

    /// <param name="rows">The titles first; each as long as the first.</param>
    /// <param name="width">A line is cut in its last column where it would be longer; 0 for no limit.</param>
    /// <param name="lesser">Titles of columns that are left out, in this order, until the last one has room. The first column is always whole.</param>
    public static string Of(List<string[]> rows, int width, params ReadOnlySpan<string> lesser)
    {
        int[] widths = new int[rows[0].Length];
        foreach (string[] row in rows)
        {
            for (int column = 0; column < row.Length; column++)
                widths[column] = Math.Max(widths[column], row[column].Length + 2);
        }

        int last = Math.Min(widths[^1] - 2, LeastOfLast), room = width;
        foreach (int each in widths.AsSpan(..^1))
            room -= each;
        foreach (string title in lesser)
        {
            if (width == 0 || room >= last) break;
            int column = Array.IndexOf(rows[0], title);
            room += widths[column];
            widths[column] = 0;
        }

        if (width > 0 && room < rows[0][^1].Length)
            widths[^1] = 0; // its title would be cut
        var text = new StringBuilder();
        foreach (string[] row in rows)
        {
            var line = new StringBuilder();
            for (int column = 0; column < row.Length; column++)
                line.Append(widths[column] == 0 ? "" : row[column].PadRight(widths[column]));
            if (width > 0 && line.Length > width)
                line.Length = Math.Max(width, row[0].Length);
            text.Append(line.ToString().TrimEnd()).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The two largest units: <c>42s</c>, <c>5m10s</c>, <c>3h2m</c>, <c>12d4h</c>.</summary>
    public static string Age(long seconds) => Math.Max(0, seconds) switch
    {
        < 60 and var s => $"{s}s",
        < 3_600 and var s => $"{s / 60}m{s % 60}s",
        < 86_400 and var s => $"{s / 3_600}h{s / 60 % 60}m",
        var s => $"{s / 86_400}d{s / 3_600 % 24}h",
    };

    public static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Columns of the terminal that standard output is; 0 where it is none.</summary>
    public static int WidthOfScreen() => Libc.ioctl_TIOCGWINSZ(1, out Libc.winsize size) >= 0 ? size.ws_col : 0;
}
