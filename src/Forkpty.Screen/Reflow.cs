namespace Forkpty.Screen;

/// <summary>
/// The lines of a page, with its history, brought to another size in the way of xterm.js: lines that went on in the next are joined and broken anew, but for
/// those of the cursor, which the program will draw again.
/// </summary>
internal sealed class Reflow(List<HistoryLine> lines, int oldColumns, int rows, int columns, int historyLines)
{
    /// <summary>Lines that are left while they are narrowed: those that go at the end are still looked at, as in xterm.js, and move the screen.</summary>
    private int _left;

    /// <summary>The first line of the screen.</summary>
    public int Base { get; set; }

    /// <summary>The line of the cursor, from the first of the screen.</summary>
    public int Y { get; set; }

    public int SavedY { get; set; }

    private int MaxLines => rows + historyLines;

    /// <summary>More lines come out of history if the cursor is in the last one, else blank ones are added; fewer go from below the cursor, else into history.</summary>
    public void ChangeRows()
    {
        int oldRows = lines.Count - Base;
        int pulled = 0;
        for (int i = oldRows; i < rows; i++)
        {
            if (Base > 0 && lines.Count <= Base + Y + pulled + 1)
            {
                Base--;
                pulled++;
            }
            else
            {
                lines.Add(default);
            }
        }
        for (int i = oldRows; i > rows; i--)
        {
            if (lines.Count > Base + Y + 1)
                lines.RemoveAt(lines.Count - 1);
            else
                Base++;
        }
        int above = lines.Count - MaxLines;
        if (rows < oldRows && above > 0)
        {
            lines.RemoveRange(0, above);
            Base = Math.Max(Base - above, 0);
            SavedY = Math.Max(SavedY - above, 0);
        }
        Y = Math.Min(Y, rows - 1) + pulled;
    }

    public void ChangeColumns()
    {
        if (columns > oldColumns)
            Widen();
        else if (columns < oldColumns)
            Narrow();
    }

    private void Widen()
    {
        var result = new List<HistoryLine>(lines.Count);
        int cursor = Base + Y;
        int removed = 0;
        for (int y = 0; y < lines.Count;)
        {
            int end = y + 1;
            while (end < lines.Count && lines[end].Wrapped)
                end++;
            if (end == y + 1 || cursor >= y && cursor < end)
            {
                for (; y < end; y++)
                    result.Add(lines[y]);
                continue;
            }
            int before = result.Count;
            Break(y, end, result);
            while (result.Count > before + 1 && PackedSize.Of(result[^1].Packed.Span).Trimmed == 0)
                result.RemoveAt(result.Count - 1);
            removed += end - y - (result.Count - before);
            y = end;
        }
        lines.Clear();
        lines.AddRange(result);
        AfterWidening(removed);
    }

    private void AfterWidening(int removed)
    {
        for (int i = 0; i < removed; i++)
        {
            if (Base > 0)
            {
                Base--;
                continue;
            }
            if (Y > 0)
                Y--;
            if (lines.Count < rows)
                lines.Add(default);
        }
        SavedY = Math.Max(SavedY - removed, 0);
    }

    private void Narrow()
    {
        // From the last line to the first, because what is inserted below moves the screen.
        var inserted = new List<(int After, List<HistoryLine> Lines)>();
        int added = 0;
        _left = lines.Count;
        for (int y = lines.Count - 1; y >= 0; y--)
        {
            int end = y + 1;
            if (!lines[y].Wrapped && PackedSize.Of(lines[y].Packed.Span).Trimmed <= columns)
                continue;
            while (lines[y].Wrapped && y > 0)
                y--;
            int cursor = Base + Y;
            if (cursor >= y && cursor < end)
                continue;
            var broken = new List<HistoryLine>();
            Break(y, end, broken);
            while (broken.Count < end - y)
                broken.Add(new HistoryLine(default, true));
            for (int i = y; i < end; i++)
                lines[i] = broken[i - y];
            int more = broken.Count - (end - y);
            int trimmed = Base == 0 && Y != _left - 1
                ? Math.Max(0, Y - MaxLines + more)
                : Math.Max(0, _left - MaxLines + more);
            if (more > 0)
            {
                inserted.Add((end, broken[(end - y)..]));
                added += more;
            }
            AfterNarrowing(more - trimmed, added);
            SavedY = Math.Min(SavedY + more, Base + rows - 1);
        }
        lines.RemoveRange(_left, lines.Count - _left);
        Insert(inserted, added);
        Cut();
    }

    private void AfterNarrowing(int count, int added)
    {
        for (; count > 0; count--)
        {
            if (Base > 0)
            {
                if (Base < Math.Min(MaxLines, _left + added) - rows)
                    Base++;
            }
            else if (Y < rows - 1)
            {
                Y++;
                _left--;
            }
            else if (historyLines > 0)
            {
                Base++;
            }
        }
    }

    private void Insert(List<(int After, List<HistoryLine> Lines)> inserted, int added)
    {
        if (added == 0)
            return;
        var result = new List<HistoryLine>(lines.Count + added);
        int next = 0;
        for (int i = inserted.Count - 1; i >= 0; i--)
        {
            for (; next < Math.Min(inserted[i].After, lines.Count); next++)
                result.Add(lines[next]);
            result.AddRange(inserted[i].Lines);
        }
        for (; next < lines.Count; next++)
            result.Add(lines[next]);
        int above = Math.Max(0, result.Count - MaxLines);
        lines.Clear();
        lines.AddRange(result[above..]);
    }

    /// <summary>Cuts off what is right of the screen.</summary>
    private void Cut()
    {
        var one = new List<HistoryLine>(1);
        for (int i = 0; i < lines.Count; i++)
        {
            if (PackedSize.Of(lines[i].Packed.Span).Cells <= columns)
                continue;
            one.Clear();
            PackedWriter writer = new(columns, one);
            writer.Add(lines[i].Packed.Span, columns);
            writer.End();
            writer.Dispose();
            lines[i] = one[0] with { Wrapped = lines[i].Wrapped };
        }
    }

    /// <summary>Lines that go on in each other, broken to the new width.</summary>
    private void Break(int from, int to, List<HistoryLine> result)
    {
        int first = result.Count;
        PackedWriter writer = new(columns, result);
        for (int i = from; i < to; i++)
            writer.Add(lines[i].Packed.Span, Length(i, isLast: i == to - 1));
        if (writer.HasCells || result.Count == first)
            writer.End();
        writer.Dispose();
        result[first] = result[first] with { Wrapped = lines[from].Wrapped };
    }

    /// <summary>How many cells of a line belong to the text: all, but for the end of the last, and the blank that a character of two columns left because it did not fit.</summary>
    private int Length(int i, bool isLast)
    {
        PackedSize size = PackedSize.Of(lines[i].Packed.Span);
        if (isLast)
            return size.Trimmed;
        bool endsBlank = size.Trimmed < oldColumns;
        return endsBlank && PackedSize.Of(lines[i + 1].Packed.Span).StartsWide ? oldColumns - 1 : oldColumns;
    }
}
