namespace Forkpty.Screen;

public sealed partial class VirtualTerminal
{
    /// <summary>Sequences that change cells; whether it was one.</summary>
    private bool DispatchEdit(uint sequence)
    {
        int count = _parameters.OneAtLeast(0);
        switch (sequence)
        {
            case 'J' or '?' << 8 | 'J':
                EraseDisplay(isSelective: sequence != 'J');
                break;
            case 'K' or '?' << 8 | 'K':
                EraseLine(isSelective: sequence != 'K');
                break;
            case 'X':
                RestrictCursor(_columns - 1);
                _page.Current.Replace(_page.X, (int)Math.Min((long)_page.X + count, int.MaxValue), Blank());
                break;
            case '@':
                RestrictCursor(_columns - 1);
                _page.Current.Insert(_page.X, count, Blank());
                break;
            case 'P':
                RestrictCursor(_columns - 1);
                _page.Current.Delete(_page.X, count, Blank());
                break;
            case 'L' or 'M':
                ShiftLines(count, isInsert: sequence == 'L');
                break;
            case 'S':
                _page.DeleteLines(_page.ScrollTop, count, Blank());
                break;
            case 'T':
                // xterm.js gives these lines no background.
                _page.InsertLines(_page.ScrollTop, count, 0);
                break;
            case ' ' << 8 | '@':
                ShiftColumns(0, count, isInsert: false);
                break;
            case ' ' << 8 | 'A':
                ShiftColumns(0, count, isInsert: true);
                break;
            case '\'' << 8 | '}':
                ShiftColumns(_page.X, count, isInsert: true);
                break;
            case '\'' << 8 | '~':
                ShiftColumns(_page.X, count, isInsert: false);
                break;
            default:
                return false;
        }
        return true;
    }

    private void ShiftLines(int count, bool isInsert)
    {
        RestrictCursor(_columns - 1);
        if (!IsBetweenMargins())
            return;
        if (isInsert)
            _page.InsertLines(_page.Y, count, Blank());
        else
            _page.DeleteLines(_page.Y, count, Blank());
        _page.X = 0;
    }

    private void ShiftColumns(int at, int count, bool isInsert)
    {
        if (!IsBetweenMargins())
            return;
        uint blank = Blank();
        for (int y = _page.ScrollTop; y <= _page.ScrollBottom; y++)
        {
            Row row = _page.Rows[y];
            if (isInsert)
                row.Insert(at, count, blank);
            else
                row.Delete(at, count, blank);
            row.Wrapped = false;
        }
    }

    private bool IsBetweenMargins() => _page.Y >= _page.ScrollTop && _page.Y <= _page.ScrollBottom;

    private void EraseDisplay(bool isSelective)
    {
        RestrictCursor(_columns);
        int y = _page.Y;
        switch (_parameters[0])
        {
            case 0:
                Erase(y, _page.X, _columns, unwrap: _page.X == 0, isSelective);
                EraseRows(y + 1, _rows, isSelective);
                break;
            case 1:
                Erase(y, 0, _page.X + 1, unwrap: true, isSelective);
                if (_page.X + 1 >= _columns && y + 1 < _rows)
                    _page.Rows[y + 1].Wrapped = false;
                EraseRows(0, y, isSelective);
                break;
            case 2:
                EraseRows(0, _rows, isSelective);
                break;
            case 3:
                _page.History?.Clear();
                break;
        }
    }

    private void EraseLine(bool isSelective)
    {
        RestrictCursor(_columns);
        switch (_parameters[0])
        {
            case 0:
                Erase(_page.Y, _page.X, _columns, unwrap: _page.X == 0, isSelective);
                break;
            case 1:
                Erase(_page.Y, 0, _page.X + 1, unwrap: false, isSelective);
                break;
            case 2:
                Erase(_page.Y, 0, _columns, unwrap: true, isSelective);
                break;
        }
    }

    private void Erase(int y, int start, int end, bool unwrap, bool isSelective)
    {
        Row row = _page.Rows[y];
        if (isSelective)
            EraseUnprotected(row, start, end);
        else
            row.Replace(start, end, Blank());
        if (unwrap)
            row.Wrapped = false;
    }

    private void EraseRows(int from, int to, bool isSelective)
    {
        uint blank = Blank();
        for (int y = from; y < to; y++)
        {
            Row row = _page.Rows[y];
            if (isSelective)
                EraseUnprotected(row, 0, row.Length);
            else
                row.Clear(blank);
            row.Wrapped = false;
        }
    }

    private void EraseUnprotected(Row row, int start, int end)
    {
        uint blank = Blank();
        Span<uint> cells = row.Span;
        if (start > 0 && start <= cells.Length && Cell.IsWide(cells[start - 1]) && !IsProtected(cells[start - 1]))
            cells[start - 1] = blank;
        if (end < cells.Length && Cell.IsWide(cells[end - 1]) && !IsProtected(cells[end]))
            cells[end] = blank;
        for (int x = start; x < Math.Min(end, cells.Length); x++)
        {
            if (!IsProtected(cells[x]))
                cells[x] = blank;
        }
    }

    private bool IsProtected(uint cell) => (_inks.Styles[Cell.StyleOf(cell)].Flags & StyleFlags.Protected) != 0;
}
