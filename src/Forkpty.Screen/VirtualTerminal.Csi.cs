namespace Forkpty.Screen;

public sealed partial class VirtualTerminal
{
    /// <summary>A control sequence: its prefix and intermediate bytes above, its final byte in the lowest 8 bits.</summary>
    private void DispatchCsi(uint sequence)
    {
        switch (sequence)
        {
            case 'm':
                _pen.Apply(_parameters);
                PenChanged();
                break;
            case 'A' or 'F':
                int above = _page.Y - _page.ScrollTop;
                MoveBy(0, -(above >= 0 ? Math.Min(above, _parameters.OneAtLeast(0)) : _parameters.OneAtLeast(0)));
                if (sequence == 'F')
                    _page.X = 0;
                break;
            case 'B' or 'E':
                int below = _page.ScrollBottom - _page.Y;
                MoveBy(0, below >= 0 ? Math.Min(below, _parameters.OneAtLeast(0)) : _parameters.OneAtLeast(0));
                if (sequence == 'E')
                    _page.X = 0;
                break;
            case 'C' or 'a':
                MoveBy(_parameters.OneAtLeast(0), 0);
                break;
            case 'D':
                MoveBy(-_parameters.OneAtLeast(0), 0);
                break;
            case 'G' or '`':
                MoveTo(_parameters.OneAtLeast(0) - 1, _page.Y);
                break;
            case 'H' or 'f':
                MoveTo(_parameters.OneAtLeast(1) - 1, _parameters.OneAtLeast(0) - 1);
                break;
            case 'd':
                MoveTo(_page.X, _parameters.OneAtLeast(0) - 1);
                break;
            case 'e':
                MoveBy(0, _parameters.OneAtLeast(0));
                break;
            case 'I':
                for (int i = Math.Min(_parameters.OneAtLeast(0), _columns); i > 0 && _page.X < _columns; i--)
                    _page.X = _page.Tabs.After(_page.X);
                break;
            case 'Z':
                for (int i = Math.Min(_parameters.OneAtLeast(0), _columns); i > 0 && _page.X < _columns; i--)
                    _page.X = _page.Tabs.Before(_page.X);
                break;
            case 'b':
                Repeat(_parameters.OneAtLeast(0));
                break;
            case 'g':
                ClearTabs();
                break;
            case 'r':
                SetMargins();
                break;
            case 's':
                SaveCursor();
                break;
            case 'u':
                RestoreCursor();
                break;
            case 'h' or 'l':
                SetModes(sequence == 'h');
                break;
            case '?' << 8 | 'h' or '?' << 8 | 'l':
                SetPrivateModes((sequence & 0xFF) == 'h');
                break;
            case '!' << 8 | 'p':
                SoftReset();
                break;
            case ' ' << 8 | 'q':
                if (_parameters[0] <= 6)
                    _cursorStyle = _parameters[0];
                break;
            case '"' << 8 | 'q':
                if (_parameters[0] == 1)
                    _pen.Flags |= StyleFlags.Protected;
                else if (_parameters[0] is 0 or 2)
                    _pen.Flags &= ~StyleFlags.Protected;
                PenChanged();
                break;
            case '>' << 8 | 'm' or '>' << 8 | 'n':
                if (_parameters[0] == 4)
                    _keyModifiers = sequence == ('>' << 8 | 'm') && _parameters.Count > 1 ? Math.Min(_parameters[1], 3) : 0;
                break;
            case '>' << 8 | 'u':
                (_page.Keyboard ??= new KeyboardFlags()).Push(_parameters[0]);
                break;
            case '<' << 8 | 'u':
                _page.Keyboard?.Pop(_parameters.OneAtLeast(0));
                break;
            case '=' << 8 | 'u':
                (_page.Keyboard ??= new KeyboardFlags()).Set(_parameters[0], _parameters.OneAtLeast(1));
                break;
            case 't':
                ManipulateWindow();
                break;
            default:
                if (!DispatchEdit(sequence) && TerminalQuestion.IsControl(sequence, _parameters))
                    Questions++;
                break;
        }
    }

    private void ClearTabs()
    {
        if (_parameters[0] == 0)
            _page.Tabs[_page.X] = false;
        else if (_parameters[0] == 3)
            _page.Tabs.Clear();
    }

    private void SetMargins()
    {
        int top = _parameters.OneAtLeast(0);
        int bottom = _parameters.Count > 1 ? _parameters[1] : 0;
        if (bottom == 0 || bottom > _rows)
            bottom = _rows;
        if (bottom <= top)
            return;
        _page.ScrollTop = top - 1;
        _page.ScrollBottom = bottom - 1;
        MoveTo(0, 0);
    }

    /// <summary>Titles are put aside and fetched again; the window of others is left alone.</summary>
    private void ManipulateWindow()
    {
        int which = _parameters.Count > 1 ? _parameters[1] : 0;
        switch (_parameters[0])
        {
            case 22:
                if (which is 0 or 2)
                    Push(_titles, _title);
                if (which is 0 or 1)
                    Push(_iconTitles, _iconTitle);
                break;
            case 23:
                if (which is 0 or 2)
                    Pop(_titles, ref _title);
                if (which is 0 or 1)
                    Pop(_iconTitles, ref _iconTitle);
                break;
            default:
                if (TerminalQuestion.IsControl('t', _parameters))
                    Questions++;
                break;
        }
    }
}
