using System.Buffers;

namespace Forkpty.Screen;

internal ref partial struct SnapshotWriter
{
    private void Flush()
    {
        output.Write(_bytes.Written);
        _bytes.Clear();
    }

    private void MoveTo(int x, int y) => Csi(y + 1, x + 1, 'H');

    private void Csi(int parameter, char final)
    {
        _bytes.Add("\e["u8);
        Number(parameter);
        _bytes.Add((byte)final);
    }

    private void Csi(int parameter, ReadOnlySpan<byte> end)
    {
        _bytes.Add("\e["u8);
        Number(parameter);
        _bytes.Add(end);
    }

    private void Csi(int first, int second, char final)
    {
        _bytes.Add("\e["u8);
        Number(first);
        _bytes.Add((byte)';');
        Number(second);
        _bytes.Add((byte)final);
    }

    private void PrivateMode(int mode)
    {
        _bytes.Add("\e[?"u8);
        Number(mode);
        _bytes.Add((byte)'h');
    }

    private void Number(int value)
    {
        value.TryFormat(_bytes.Room(11), out int length);
        _bytes.Advance(length);
    }

    private void Designate(char level, Charset charset, bool onlyOther = false)
    {
        if (onlyOther && charset == Charset.Ascii)
            return;
        _bytes.Add(0x1B);
        _bytes.Add((byte)level);
        _bytes.Add(charset == Charset.Ascii ? (byte)'B' : (byte)charset);
    }

    private void ResetStyle() => SetStyle(default);

    private void SetStyle(in Style style)
    {
        if (style == _style)
            return;
        if (style.Link != _style.Link)
        {
            _bytes.Add("\e]8;"u8);
            _bytes.Add(style.Link == 0 ? ";"u8 : links[style.Link]);
            _bytes.Add("\e\\"u8);
        }
        bool wasProtected = (_style.Flags & StyleFlags.Protected) != 0;
        bool isProtected = (style.Flags & StyleFlags.Protected) != 0;
        // xterm takes protection for no matter of SGR 0.
        if (wasProtected)
            _bytes.Add("\e[0\"q"u8);
        WriteRendition(style);
        if (isProtected)
            _bytes.Add("\e[1\"q"u8);
        _style = style;
    }

    private void WriteRendition(in Style style)
    {
        _bytes.Add("\e["u8);
        WriteFlag(style, StyleFlags.Bold, ";1"u8);
        WriteFlag(style, StyleFlags.Dim, ";2"u8);
        WriteFlag(style, StyleFlags.Italic, ";3"u8);
        WriteFlag(style, StyleFlags.Blink, ";5"u8);
        WriteFlag(style, StyleFlags.Inverse, ";7"u8);
        WriteFlag(style, StyleFlags.Invisible, ";8"u8);
        WriteFlag(style, StyleFlags.Strikethrough, ";9"u8);
        WriteFlag(style, StyleFlags.Overline, ";53"u8);
        if (style.UnderlineKind == 1)
        {
            _bytes.Add(";4"u8);
        }
        else if (style.UnderlineKind > 1)
        {
            _bytes.Add(";4:"u8);
            Number(style.UnderlineKind);
        }
        WriteColor(38, style.Foreground);
        WriteColor(48, style.Background);
        WriteColor(58, style.Underline & Style.ColorMask);
        _bytes.Add((byte)'m');
    }

    private void WriteFlag(in Style style, StyleFlags flag, ReadOnlySpan<byte> parameter)
    {
        if ((style.Flags & flag) != 0)
            _bytes.Add(parameter);
    }

    private void WriteColor(int target, uint color)
    {
        int number = (int)(color & 0xFF);
        switch (color & ~0xFFFFFFu)
        {
            case Style.Basic:
                _bytes.Add((byte)';');
                // 30 to 37 and 90 to 97, or 40 to 47 and 100 to 107.
                Number(target + number + (number < 8 ? -8 : 44));
                break;
            case Style.Indexed:
                _bytes.Add((byte)';');
                Number(target);
                _bytes.Add(target == 58 ? ":5:"u8 : ";5;"u8);
                Number(number);
                break;
            case Style.Rgb:
                _bytes.Add((byte)';');
                Number(target);
                WriteRgb(color, target == 58 ? (byte)':' : (byte)';', hasSpace: target == 58);
                break;
        }
    }

    private void WriteRgb(uint color, byte separator, bool hasSpace)
    {
        _bytes.Add(separator);
        _bytes.Add((byte)'2');
        if (hasSpace)
            _bytes.Add(separator);
        for (int shift = 16; shift >= 0; shift -= 8)
        {
            _bytes.Add(separator);
            Number((int)(color >> shift & 0xFF));
        }
    }
}
