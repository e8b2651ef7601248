namespace Forkpty.Screen;

/// <summary>One of the two screens of a terminal: the normal one, with history, or the alternate one, without.</summary>
internal sealed partial class Page
{
    /// <summary>Null: what leaves at the top is gone.</summary>
    public readonly History? History;

    public readonly TabStops Tabs;
    public Row[] Rows;
    public int Columns;

    /// <summary>The cursor. X is the number of columns while it waits for the next character to wrap.</summary>
    public int X;

    public int Y;
    public int ScrollTop;
    public int ScrollBottom;

    /// <summary>The saved cursor; its line counts from the oldest of history.</summary>
    public int SavedX;

    public int SavedY;
    public Style SavedStyle;
    public Charset SavedCharset;

    /// <summary>Null while nothing was ever set.</summary>
    public KeyboardFlags? Keyboard;

    /// <summary>The lines of the screen while the other one is shown, packed.</summary>
    private byte[]? _parked;

    public Page(int rows, int columns, History? history)
    {
        History = history;
        Columns = columns;
        Tabs = new TabStops(columns);
        ScrollBottom = rows - 1;
        Rows = [];
    }

    /// <summary>Lines of history above the screen.</summary>
    public int Base => History?.Count ?? 0;

    public Row Current => Rows[Y];

    /// <summary>Bytes that it takes, about: a row is an object of 40 bytes, an array of 24 and a reference of 8.</summary>
    public long Bytes
    {
        get
        {
            long bytes = (_parked?.Length ?? 0) + (History?.Bytes ?? 0);
            foreach (Row row in Rows)
                bytes += row.Cells.Length * sizeof(uint) + 72;
            return bytes;
        }
    }

    public static Row[] NewRows(int rows, int columns, uint blank)
    {
        var made = new Row[rows];
        for (int i = 0; i < rows; i++)
        {
            made[i] = new Row(columns);
            if (blank != 0)
                made[i].Span.Fill(blank);
        }
        return made;
    }

    /// <summary>Moves the lines of the region up by one. The first line of the screen goes into history, one further down is gone.</summary>
    public void ScrollUp(uint blank, bool wrapped, StyleTable styles, ClusterTable clusters)
    {
        Row row = Rows[ScrollTop];
        if (ScrollTop == 0 && History is not null)
            SavedY = Math.Max(0, SavedY - History.Append(row, styles, clusters));
        Array.Copy(Rows, ScrollTop + 1, Rows, ScrollTop, ScrollBottom - ScrollTop);
        Rows[ScrollBottom] = Recycle(row, blank);
        row.Wrapped = wrapped;
    }

    /// <summary>Takes lines out of the region, from one on; blank ones come in at its end. None goes into history.</summary>
    public void DeleteLines(int at, int count, uint blank)
    {
        int size = ScrollBottom - at + 1;
        count = Math.Min(count, size);
        Rotate(at, size, count);
        for (int i = ScrollBottom - count + 1; i <= ScrollBottom; i++)
            Recycle(Rows[i], blank);
    }

    /// <summary>Blank lines come in before one; what leaves the region at its end is gone.</summary>
    public void InsertLines(int at, int count, uint blank)
    {
        int size = ScrollBottom - at + 1;
        count = Math.Min(count, size);
        Rotate(at, size, size - count);
        for (int i = at; i < at + count; i++)
            Recycle(Rows[i], blank);
    }

    public void ResetMargins()
    {
        ScrollTop = 0;
        ScrollBottom = Rows.Length - 1;
    }

    /// <summary>As a new one, on these lines.</summary>
    public void Reset(Row[] rows)
    {
        Rows = rows;
        _parked = null;
        History?.Clear();
        X = Y = SavedX = SavedY = 0;
        SavedStyle = default;
        SavedCharset = Charset.Ascii;
        Keyboard = null;
        ResetMargins();
        Tabs.Reset();
    }

    private Row Recycle(Row row, uint blank)
    {
        if (row.Length != Columns)
            row.SetLength(Columns);
        row.Clear(blank);
        return row;
    }

    private void Rotate(int at, int size, int left)
    {
        Span<Row> region = Rows.AsSpan(at, size);
        region[..left].Reverse();
        region[left..].Reverse();
        region.Reverse();
    }

    /// <summary>Keeps the lines packed and gives their memory to the other screen.</summary>
    public Row[] Park(StyleTable styles, ClusterTable clusters)
    {
        var lines = new HistoryLine[Rows.Length];
        Scratch line = new(256);
        for (int i = 0; i < lines.Length; i++)
        {
            line.Clear();
            PackedLine.Pack(Rows[i].Span, styles, clusters, ref line);
            lines[i] = new HistoryLine(line.Written.ToArray(), Rows[i].Wrapped);
        }
        line.Dispose();
        ParkLines(lines);
        Row[] rows = Rows;
        Rows = [];
        return rows;
    }

    private void ParkLines(ReadOnlySpan<HistoryLine> lines)
    {
        Scratch all = new(1024);
        foreach (HistoryLine line in lines)
        {
            all.Advance(PackedLine.WriteNumber(all.Room(5), (uint)line.Packed.Length << 1 | (line.Wrapped ? 1u : 0)));
            all.Add(line.Packed.Span);
        }
        _parked = all.Written.ToArray();
        all.Dispose();
    }

    /// <summary>The lines as they were when the page was parked.</summary>
    public List<HistoryLine> ParkedLines()
    {
        var lines = new List<HistoryLine>();
        ReadOnlyMemory<byte> rest = _parked;
        while (rest.Length > 0)
        {
            uint header = PackedLine.ReadNumber(rest.Span, out int length);
            lines.Add(new HistoryLine(rest.Slice(length, (int)(header >> 1)), (header & 1) != 0));
            rest = rest[(length + (int)(header >> 1))..];
        }
        return lines;
    }

    /// <summary>Takes memory back and unpacks the lines into it.</summary>
    public void Unpark(Row[] rows, Inks inks)
    {
        Rows = rows;
        List<HistoryLine> lines = ParkedLines();
        _parked = null;
        for (int i = 0; i < rows.Length; i++)
            Unpack(lines[i], rows[i], inks);
    }

    private void Unpack(HistoryLine line, Row row, Inks inks)
    {
        if (row.Length != Columns)
            row.SetLength(Columns);
        row.Clear(0);
        row.Wrapped = line.Wrapped;
        inks.Unpack(line.Packed.Span, row.Span);
    }
}
