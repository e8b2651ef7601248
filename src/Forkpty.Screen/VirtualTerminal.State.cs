namespace Forkpty.Screen;

public sealed partial class VirtualTerminal
{
    private readonly Charset[] _charsets = new Charset[4];
    private Pen _pen;
    private uint _ink;
    private uint _blank;
    private bool _inkIsKnown;
    private bool _blankIsKnown;

    /// <summary>The set that characters are taken from, and which of G0 to G3 is invoked.</summary>
    private Charset _charset;

    private int _level;

    private Modes _modes = Modes.Initial;

    /// <summary>The mode of mouse reports (9, 1000, 1002 or 1003), and their encoding (1006, 1016, or 1005 and 1015, which few have); 0: none.</summary>
    private int _mouse;

    private int _mouseEncoding;

    /// <summary>DECSCUSR: 0 is the terminal's own, 1 to 6 a shape.</summary>
    private int _cursorStyle;

    /// <summary>How keys with modifiers are reported (xterm's modifyOtherKeys), 0 to 3.</summary>
    private int _keyModifiers;

    /// <summary>Both pages of a new terminal, and the state of one: RIS. Titles stay, as in xterm.</summary>
    private void HardReset()
    {
        Row[] rows = _page.Rows;
        foreach (Row row in rows)
        {
            row.SetLength(_columns);
            row.Clear(0);
        }
        _alternate = new Page(_rows, _columns, null);
        _page = _normal;
        _normal.Reset(rows);
        _pen = default;
        PenChanged();
        Array.Clear(_charsets);
        _charset = Charset.Ascii;
        _level = 0;
        _modes = Modes.Initial;
        _mouse = 0;
        _mouseEncoding = 0;
        _cursorStyle = 0;
        _keyModifiers = 0;
        _palette?.Clear();
    }

    /// <summary>DECSTR.</summary>
    private void SoftReset()
    {
        _page.ResetMargins();
        _pen = new Pen();
        PenChanged();
        _modes = _modes & ~Modes.SoftReset | Modes.Initial;
        _cursorStyle = 0;
        Array.Clear(_charsets);
        _charset = Charset.Ascii;
        _level = 0;
        _page.SavedX = 0;
        _page.SavedY = _page.Base;
        _page.SavedStyle = default;
        _page.SavedCharset = Charset.Ascii;
    }

    private bool Is(Modes mode) => (_modes & mode) != 0;

    private void Set(Modes mode, bool on) => _modes = on ? _modes | mode : _modes & ~mode;

    private void SaveCursor()
    {
        _page.SavedX = _page.X;
        _page.SavedY = _page.Base + _page.Y;
        _page.SavedStyle = _pen.Style with { Link = 0 };
        _page.SavedCharset = _charset;
    }

    private void RestoreCursor()
    {
        _page.X = _page.SavedX;
        _page.Y = Math.Max(_page.SavedY - _page.Base, 0);
        _pen.Restore(_page.SavedStyle);
        PenChanged();
        _charset = _page.SavedCharset;
        RestrictCursor(_columns - 1);
    }

    private void ShowAlternate()
    {
        if (IsAlternate)
            return;
        uint blank = Blank();
        Row[] rows = _normal.Park(_inks.Styles, _inks.Clusters);
        foreach (Row row in rows)
            row.Clear(blank);
        _alternate.Rows = rows;
        _alternate.ResetMargins();
        _alternate.X = _normal.X;
        _alternate.Y = _normal.Y;
        _page = _alternate;
    }

    private void ShowNormal()
    {
        if (!IsAlternate)
            return;
        Page alternate = _page;
        _page = _normal;
        _normal.Unpark(alternate.Rows, _inks);
        _normal.X = alternate.X;
        _normal.Y = alternate.Y;
        alternate.Rows = [];
        alternate.Keyboard = null;
        alternate.Tabs.Reset();
    }
}
