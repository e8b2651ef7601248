namespace Forkpty.Screen;

public sealed partial class VirtualTerminal
{
    /// <summary>A control character.</summary>
    private void Execute(int code)
    {
        _joining = 0;
        switch (code)
        {
            case 0x05:
                Questions++;
                break;
            case '\b':
                Backspace();
                break;
            case '\t':
                if (_page.X < _columns)
                    _page.X = _page.Tabs.After(_page.X);
                break;
            case '\n' or '\v' or '\f':
                LineFeed();
                break;
            case '\r':
                _page.X = 0;
                break;
            case 0x0E:
                Invoke(1);
                break;
            case 0x0F:
                Invoke(0);
                break;
            case 0x84:
                Index();
                break;
            case 0x85:
                _page.X = 0;
                Index();
                break;
            case 0x88:
                _page.Tabs[_page.X] = true;
                break;
        }
    }

    /// <summary>A sequence of escape, intermediate bytes and a final byte.</summary>
    private void DispatchEscape(uint sequence)
    {
        _joining = 0;
        switch (sequence)
        {
            case '7':
                SaveCursor();
                break;
            case '8':
                RestoreCursor();
                break;
            case 'D':
                Index();
                break;
            case 'E':
                _page.X = 0;
                Index();
                break;
            case 'H':
                _page.Tabs[_page.X] = true;
                break;
            case 'M':
                ReverseIndex();
                break;
            case 'Z':
                Questions++;
                break;
            case '=':
                Set(Modes.Keypad, true);
                break;
            case '>':
                Set(Modes.Keypad, false);
                break;
            case 'c':
                HardReset();
                break;
            case 'n' or '}':
                Invoke(2);
                break;
            case 'o' or '|':
                Invoke(3);
                break;
            case '~':
                Invoke(1);
                break;
            case '#' << 8 | '8':
                ShowAlignment();
                break;
            case '%' << 8 | '@' or '%' << 8 | 'G':
                Invoke(0);
                Designate('(', Charset.Ascii);
                break;
            default:
                if (Charsets.Of((int)(sequence & 0xFF)) is Charset charset)
                    Designate(sequence >> 8, charset);
                break;
        }
    }

    private void Designate(uint intermediate, Charset charset)
    {
        int level = intermediate switch
        {
            '(' => 0,
            ')' or '-' => 1,
            '*' or '.' => 2,
            '+' => 3,
            _ => -1,
        };
        if (level < 0)
            return;
        _charsets[level] = charset;
        if (level == _level)
            _charset = charset;
    }

    private void Invoke(int level)
    {
        _level = level;
        _charset = _charsets[level];
    }

    private void LineFeed()
    {
        if (Is(Modes.NewLine))
            _page.X = 0;
        _page.Y++;
        if (_page.Y == _page.ScrollBottom + 1)
        {
            _page.Y--;
            _page.ScrollUp(Blank(), wrapped: false, _inks.Styles, _inks.Clusters);
        }
        else if (_page.Y >= _rows)
        {
            _page.Y = _rows - 1;
        }
        else
        {
            _page.Current.Wrapped = false;
        }
        if (_page.X >= _columns)
            _page.X--;
    }

    private void Index()
    {
        RestrictCursor(_columns - 1);
        _page.Y++;
        if (_page.Y == _page.ScrollBottom + 1)
        {
            _page.Y--;
            _page.ScrollUp(Blank(), wrapped: false, _inks.Styles, _inks.Clusters);
        }
        RestrictCursor(_columns - 1);
    }

    private void ReverseIndex()
    {
        RestrictCursor(_columns - 1);
        if (_page.Y == _page.ScrollTop)
            _page.InsertLines(_page.Y, 1, Blank());
        else
            _page.Y--;
        RestrictCursor(_columns - 1);
    }

    private void Backspace()
    {
        if (!Is(Modes.ReverseWrap))
        {
            RestrictCursor(_columns - 1);
            _page.X = Math.Max(_page.X - 1, 0);
            return;
        }
        RestrictCursor(_columns);
        if (_page.X > 0)
            _page.X--;
        else if (_page.Y > _page.ScrollTop && _page.Y <= _page.ScrollBottom && _page.Current.Wrapped)
            BackspaceLine();
        RestrictCursor(_columns - 1);
    }

    /// <summary>To the last character of the line before, which went on in this one.</summary>
    private void BackspaceLine()
    {
        _page.Current.Wrapped = false;
        _page.Y--;
        _page.X = _columns - 1;
        uint last = _page.Current.Cells[_page.X];
        if (!Cell.HasContent(last) && !Cell.IsTail(last))
            _page.X--;
    }

    /// <summary>DECALN: a screen full of E.</summary>
    private void ShowAlignment()
    {
        MoveTo(0, 0);
        uint cell = 'E' | Ink();
        for (int y = _page.Y; y < _rows; y++)
            _page.Rows[y].Clear(cell);
        MoveTo(0, 0);
    }

    private void RestrictCursor(int lastColumn)
    {
        _page.X = Math.Clamp(_page.X, 0, lastColumn);
        _page.Y = Is(Modes.Origin)
            ? Math.Clamp(_page.Y, _page.ScrollTop, _page.ScrollBottom)
            : Math.Clamp(_page.Y, 0, _rows - 1);
    }

    /// <summary>To a column and a line, which counts from the margin in origin mode.</summary>
    private void MoveTo(int x, int y)
    {
        _page.X = x;
        _page.Y = Is(Modes.Origin) ? (int)Math.Min((long)_page.ScrollTop + y, int.MaxValue) : y;
        RestrictCursor(_columns - 1);
    }

    /// <summary>
    /// Relative to where the cursor is. As in xterm.js the margin counts once more in origin mode, which only a program notices that moves so there.
    /// </summary>
    private void MoveBy(int x, int y)
    {
        RestrictCursor(_columns - 1);
        MoveTo((int)Math.Min((long)_page.X + x, int.MaxValue), (int)Math.Min((long)_page.Y + y, int.MaxValue));
    }
}
