namespace Forkpty.Screen;

internal ref partial struct SnapshotWriter
{
    private void WriteSavedCursor(Page page)
    {
        int y = Math.Max(page.SavedY - page.Base, 0);
        if (page.SavedX == 0 && y == 0 && page.SavedStyle.IsDefault && page.SavedCharset == Charset.Ascii)
            return;
        MoveTo(page.SavedX, y);
        SetStyle(page.SavedStyle);
        Designate('(', page.SavedCharset);
        _bytes.Add("\e7"u8);
        Designate('(', Charset.Ascii);
    }

    private void WriteCursor(Page page, VirtualTerminal.State state)
    {
        bool isOrigin = (state.Modes & Modes.Origin) != 0;
        if (isOrigin)
            _bytes.Add("\e[?6h"u8);
        bool isOutside = isOrigin && (page.Y < page.ScrollTop || page.Y > page.ScrollBottom);
        int x = IsLastWritable(page, state) ? page.X - state.Joining : page.X;
        bool isWaiting = x == state.Columns;
        bool canWrite = !isOutside && CanWriteWaiting(page.Current);
        // The alternate screen has no margins yet, and what is written there is gone when it is left: the cursor of the normal one comes from there.
        bool isAside = isOutside || isWaiting && !canWrite && state.Alternate is null;
        int y = isOrigin && !isAside ? page.Y - page.ScrollTop : page.Y;
        if (isAside)
            _bytes.Add("\e[?47h"u8);
        if (isWaiting && canWrite)
            WriteWaitingCursor(page.Current, y);
        else
            MoveTo(Math.Min(x, state.Columns - 1), y);
        if (isWaiting && isAside)
            _bytes.Add((byte)' ');
        if (isAside)
            _bytes.Add("\e[?47l"u8);
    }

    /// <summary>
    /// Whether the character before the cursor can be written last of all: a mark that comes next joins it, and behind the last column the cursor waits again.
    /// </summary>
    private readonly bool IsLastWritable(Page page, VirtualTerminal.State state)
    {
        int x = page.X - state.Joining;
        if (state.Joining == 0 || x < 0 || (state.Modes & Modes.Insert) != 0)
            return false;
        uint cell = page.Current.Cells[x];
        return Cell.HasContent(cell) && Cell.IsWide(cell) == (state.Joining == 2) && inks.Styles[Cell.StyleOf(cell)] == state.Pen.Style
            && (state.Charset == Charset.Ascii || inks.Clusters.First(cell & Cell.Content) > 0x7E);
    }

    private void WriteLast(Page page, VirtualTerminal.State state)
    {
        if (IsLastWritable(page, state))
            WriteContent(page.Current.Cells[page.X - state.Joining]);
    }

    private void WriteContent(uint cell)
    {
        Span<int> codePoints = stackalloc int[ClusterTable.MaxLength];
        foreach (int codePoint in codePoints[..inks.Clusters.Spell(cell & Cell.Content, codePoints)])
            PackedLine.WriteCharacter(codePoint, ref _bytes);
    }

    /// <summary>Where the character is that reaches into the last column.</summary>
    private readonly int LastCharacter(Row row) => Cell.IsTail(row.Cells[_columns - 1]) ? _columns - 2 : _columns - 1;

    /// <summary>Whether that can be written once more: it is not erased since, or the whole line is, and can be erased once more.</summary>
    private readonly bool CanWriteWaiting(Row row)
    {
        uint last = row.Cells[LastCharacter(row)];
        return Cell.HasContent(last) || !row.Cells.AsSpan(0, _columns).ContainsAnyExcept(last);
    }

    /// <summary>The cursor waits behind the last column: it gets there by writing that once more.</summary>
    private void WriteWaitingCursor(Row row, int y)
    {
        int x = LastCharacter(row);
        MoveTo(x, y);
        uint cell = row.Cells[x];
        SetStyle(inks.Styles[Cell.StyleOf(cell)]);
        if (Cell.HasContent(cell))
            WriteContent(cell);
        else
            _bytes.Add(" \e[1K"u8);
    }
}
