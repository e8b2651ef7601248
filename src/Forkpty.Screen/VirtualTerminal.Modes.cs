namespace Forkpty.Screen;

public sealed partial class VirtualTerminal
{
    private void SetModes(bool on)
    {
        for (int i = 0; i < _parameters.Count; i++)
        {
            if (_parameters[i] == 4)
                Set(Modes.Insert, on);
            else if (_parameters[i] == 20)
                Set(Modes.NewLine, on);
        }
    }

    private void SetPrivateModes(bool on)
    {
        for (int i = 0; i < _parameters.Count; i++)
            SetPrivateMode(_parameters[i], on);
    }

    private void SetPrivateMode(int mode, bool on)
    {
        switch (mode)
        {
            case 2 when on:
                Array.Clear(_charsets);
                _charset = Charset.Ascii;
                break;
            case 6:
                Set(Modes.Origin, on);
                MoveTo(0, 0);
                break;
            case 25:
                Set(Modes.CursorHidden, !on);
                break;
            case 9 or 1000 or 1002 or 1003:
                _mouse = on ? mode : 0;
                break;
            case 1005 or 1006 or 1015 or 1016:
                _mouseEncoding = on ? mode : 0;
                break;
            case 47 or 1047 or 1048 or 1049:
                SetScreen(mode, on);
                break;
            default:
                Set(Named(mode), on);
                break;
        }
    }

    /// <summary>The modes that are only remembered.</summary>
    private static Modes Named(int mode) => mode switch
    {
        1 => Modes.CursorKeys,
        5 => Modes.ReverseVideo,
        7 => Modes.Wrap,
        12 => Modes.CursorBlink,
        45 => Modes.ReverseWrap,
        66 => Modes.Keypad,
        1004 => Modes.Focus,
        1007 => Modes.AlternateScroll,
        2004 => Modes.BracketedPaste,
        2026 => Modes.Synchronized,
        _ => Modes.None,
    };

    private void SetScreen(int mode, bool on)
    {
        if (on)
        {
            if (mode is 1048 or 1049)
                SaveCursor();
            if (mode != 1048)
                ShowAlternate();
        }
        else
        {
            if (mode != 1048)
                ShowNormal();
            if (mode is 1048 or 1049)
                RestoreCursor();
        }
    }
}
