using System.Runtime.InteropServices;

namespace Forkpty.Screen;

internal sealed partial class Page
{
    /// <summary>Gives the page another size. The lines of a page with history are broken anew; those of the alternate one are cut or left as they are.</summary>
    public void Resize(int rows, int columns, Inks inks)
    {
        bool isShown = Rows.Length > 0;
        if (History is null)
            ResizeRows(rows, columns);
        else
            ResizeLines(rows, columns, inks, isShown);
        Columns = columns;
        ScrollTop = 0;
        ScrollBottom = rows - 1;
        Tabs.Resize(columns);
    }

    private void ResizeRows(int rows, int columns)
    {
        if (Rows.Length == 0)
            return;
        var lines = new List<Row>(Rows);
        if (columns > Columns)
        {
            foreach (Row row in lines)
                row.SetLength(columns);
        }
        while (lines.Count < rows)
            lines.Add(new Row(columns));
        // Lines below the cursor go first, then those at the top.
        while (lines.Count > rows && lines.Count > Y + 1)
            lines.RemoveAt(lines.Count - 1);
        int above = lines.Count - rows;
        lines.RemoveRange(0, above);
        SavedY = Math.Max(SavedY - above, 0);
        Rows = [.. lines];
        KeepCursor(rows, columns);
    }

    private void KeepCursor(int rows, int columns)
    {
        X = Math.Min(X, columns - 1);
        Y = Math.Min(Y, rows - 1);
        SavedX = Math.Min(SavedX, columns - 1);
    }

    private void ResizeLines(int rows, int columns, Inks inks, bool isShown)
    {
        if (isShown)
            Park(inks.Styles, inks.Clusters);
        var lines = new List<HistoryLine>();
        foreach (HistoryLine line in History!)
            lines.Add(line);
        var reflow = new Reflow(lines, Columns, rows, columns, History.MaxLines)
        {
            Base = lines.Count,
            Y = Y,
            SavedY = SavedY,
        };
        lines.AddRange(ParkedLines());
        reflow.ChangeRows();
        X = Math.Min(X, columns - 1);
        SavedX = Math.Min(SavedX, columns - 1);
        reflow.ChangeColumns();

        (Y, SavedY) = (reflow.Y, reflow.SavedY);
        Columns = columns;
        int above = Math.Clamp(reflow.Base, 0, lines.Count);
        History.Replace(CollectionsMarshal.AsSpan(lines)[..above]);
        // What the bound on bytes did not let in.
        SavedY = Math.Max(0, SavedY - (above - History.Count));
        lines.RemoveRange(0, above);
        while (lines.Count < rows)
            lines.Add(default);
        ParkLines(CollectionsMarshal.AsSpan(lines)[..rows]);
        if (isShown)
            Unpark(NewRows(rows, columns, 0), inks);
    }
}
