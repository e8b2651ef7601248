using System.Text;

namespace Forkpty.Screen;

/// <summary>Reads a packed line from its start, piece by piece.</summary>
internal ref struct PackedReader(ReadOnlySpan<byte> line)
{
    private ReadOnlySpan<byte> _rest = line;
    private Style _style;

    /// <summary>The style of the piece.</summary>
    public readonly Style Style => _style;

    public PackedPiece Piece { get; private set; }

    /// <summary>Of <see cref="PackedPiece.Ascii"/>: the characters, a cell each.</summary>
    public ReadOnlySpan<byte> Ascii { get; private set; }

    /// <summary>Of other characters.</summary>
    public int CodePoint { get; private set; }

    /// <summary>Cells that the piece takes; 0 for a mark, which joins the cell before.</summary>
    public int Cells { get; private set; }

    public bool Next()
    {
        while (_rest.Length > 0)
        {
            byte first = _rest[0];
            if (first >= 0x20)
                return ReadText(first);
            _rest = _rest[1..];
            switch (first)
            {
                case PackedLine.DefaultStyle:
                    _style = default;
                    continue;
                case PackedLine.OtherStyle:
                    ReadStyle();
                    continue;
                case PackedLine.Blanks:
                    Cells = (int)PackedLine.ReadNumber(_rest, out int length);
                    _rest = _rest[length..];
                    Piece = PackedPiece.Blanks;
                    return true;
                case PackedLine.Tail:
                    Cells = 1;
                    Piece = PackedPiece.Tail;
                    return true;
                default:
                    ReadCodePoint();
                    Cells = 1;
                    Piece = first == PackedLine.Half ? PackedPiece.Half : PackedPiece.Lone;
                    return true;
            }
        }
        return false;
    }

    private bool ReadText(byte first)
    {
        if (first < 0x7F)
        {
            int length = _rest.IndexOfAnyExceptInRange((byte)0x20, (byte)0x7E);
            Ascii = length < 0 ? _rest : _rest[..length];
            _rest = _rest[Ascii.Length..];
            Cells = Ascii.Length;
            Piece = PackedPiece.Ascii;
            return true;
        }
        ReadCodePoint();
        Cells = Widths.Of(CodePoint);
        Piece = PackedPiece.Character;
        return true;
    }

    private void ReadCodePoint()
    {
        Rune.DecodeFromUtf8(_rest, out Rune rune, out int length);
        CodePoint = rune.Value;
        _rest = _rest[length..];
    }

    private void ReadStyle()
    {
        byte what = _rest[0];
        _rest = _rest[1..];
        uint foreground = ReadColor(what & 3u);
        uint background = ReadColor((uint)what >> 2 & 3);
        StyleFlags flags = (StyleFlags)((what & 0x10) != 0 ? ReadFixed(2) : 0);
        uint underline = (what & 0x20) != 0 ? ReadFixed(4) : 0;
        ushort link = (ushort)((what & 0x40) != 0 ? ReadFixed(2) : 0);
        _style = new Style(foreground, background, underline, flags, link);
    }

    private uint ReadColor(uint kind) => kind == 0 ? 0 : kind << Style.ColorKindShift | ReadFixed(kind == 3 ? 3 : 1);

    private uint ReadFixed(int length)
    {
        uint value = 0;
        for (int i = 0; i < length; i++)
            value |= (uint)_rest[i] << 8 * i;
        _rest = _rest[length..];
        return value;
    }
}
