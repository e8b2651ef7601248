using System.Text;

namespace Forkpty.Screen;

/// <summary>
/// A line in as few bytes as it takes, as history keeps it: characters in UTF-8, each in the cells that its width says; a mark joins the cell before.
/// The control characters, which no cell holds, say the rest. Blank cells at the end are not stored.
/// </summary>
internal static class PackedLine
{
    /// <summary>Cells without content; their number follows.</summary>
    public const byte Blanks = 0;

    /// <summary>What follows has the default style.</summary>
    public const byte DefaultStyle = 1;

    /// <summary>What follows has the style that follows.</summary>
    public const byte OtherStyle = 2;

    /// <summary>The next character has no width and stands in a cell of its own.</summary>
    public const byte Lone = 3;

    /// <summary>A second half whose first half is gone.</summary>
    public const byte Tail = 4;

    /// <summary>The next character takes two columns, but its second half is not there.</summary>
    public const byte Half = 5;

    public static void Pack(ReadOnlySpan<uint> cells, StyleTable styles, ClusterTable clusters, scoped ref Scratch to)
    {
        cells = cells[..(cells.LastIndexOfAnyExcept(0u) + 1)];
        int style = 0;
        for (int i = 0; i < cells.Length;)
        {
            uint cell = cells[i];
            if (Cell.StyleOf(cell) != style)
            {
                style = Cell.StyleOf(cell);
                WriteStyle(styles[style], ref to);
            }
            uint content = cell & Cell.Content;
            if (content is >= 0x20 and < 0x7F && !Cell.IsWide(cell))
            {
                i += PackAscii(cells[i..], ref to);
            }
            else if (content == 0 && !Cell.IsWide(cell))
            {
                int end = cells[i..].IndexOfAnyExcept(cell);
                int count = end < 0 ? cells.Length - i : end;
                WriteBlanks(count, ref to);
                i += count;
            }
            else
            {
                i += PackOne(cells[i..], clusters, ref to);
            }
        }
    }

    public static void WriteBlanks(int count, scoped ref Scratch to)
    {
        to.Add(Blanks);
        to.Advance(WriteNumber(to.Room(5), (uint)count));
    }

    public static void WriteCharacter(int codePoint, scoped ref Scratch to) => to.Advance(Encode(codePoint, to.Room(4)));

    public static void WriteStyle(in Style style, scoped ref Scratch to)
    {
        if (style.IsDefault)
        {
            to.Add(DefaultStyle);
            return;
        }
        Span<byte> room = to.Room(24);
        uint foreground = style.Foreground >> Style.ColorKindShift;
        uint background = style.Background >> Style.ColorKindShift;
        room[0] = OtherStyle;
        room[1] = (byte)(foreground | background << 2 | (style.Flags != 0 ? 0x10u : 0) | (style.Underline != 0 ? 0x20u : 0) | (style.Link != 0 ? 0x40u : 0));
        int length = 2;
        length += WriteColor(style.Foreground, room[length..]);
        length += WriteColor(style.Background, room[length..]);
        if (style.Flags != 0)
            length += WriteFixed((uint)style.Flags, 2, room[length..]);
        if (style.Underline != 0)
            length += WriteFixed(style.Underline, 4, room[length..]);
        if (style.Link != 0)
            length += WriteFixed(style.Link, 2, room[length..]);
        to.Advance(length);
    }

    /// <summary>7 bits a byte, the lowest first; the upper bit says that more follow.</summary>
    public static int WriteNumber(Span<byte> to, uint value)
    {
        int length = 0;
        for (; value >= 0x80; value >>= 7)
            to[length++] = (byte)(value | 0x80);
        to[length++] = (byte)value;
        return length;
    }

    public static uint ReadNumber(ReadOnlySpan<byte> from, out int length)
    {
        uint value = from[0];
        length = 1;
        if (value < 0x80)
            return value;
        value &= 0x7F;
        for (int shift = 7; ; shift += 7)
        {
            uint next = from[length++];
            value |= (next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
    }

    private static int PackAscii(ReadOnlySpan<uint> cells, scoped ref Scratch to)
    {
        uint style = cells[0] & ~(Cell.Content | Cell.Wide);
        Span<byte> room = to.Room(cells.Length);
        int count = 0;
        while (count < cells.Length && (cells[count] ^ style) is >= 0x20 and < 0x7F)
        {
            room[count] = (byte)cells[count];
            count++;
        }
        to.Advance(count);
        return count;
    }

    private static int PackOne(ReadOnlySpan<uint> cells, ClusterTable clusters, scoped ref Scratch to)
    {
        uint cell = cells[0];
        uint content = cell & Cell.Content;
        if (content == Cell.Tail)
        {
            to.Add(Tail);
            return 1;
        }
        bool isWide = Cell.IsWide(cell);
        bool hasTail = isWide && cells.Length > 1 && cells[1] == (cell & ~(Cell.Content | Cell.Wide) | Cell.Tail);
        if (isWide && !hasTail)
            to.Add(Half);
        else if (clusters.IsLone(content))
            to.Add(Lone);
        Span<int> codePoints = stackalloc int[ClusterTable.MaxLength];
        foreach (int codePoint in codePoints[..clusters.Spell(content, codePoints)])
            WriteCharacter(codePoint, ref to);
        return hasTail ? 2 : 1;
    }

    private static int WriteColor(uint color, Span<byte> to) => (color >> Style.ColorKindShift) switch
    {
        0 => 0,
        3 => WriteFixed(color, 3, to),
        _ => WriteFixed(color, 1, to),
    };

    private static int WriteFixed(uint value, int length, Span<byte> to)
    {
        for (int i = 0; i < length; i++, value >>= 8)
            to[i] = (byte)value;
        return length;
    }

    /// <summary>UTF-8 of a character; surrogates do not come here, because nothing decodes to them.</summary>
    private static int Encode(int codePoint, Span<byte> to) =>
        Rune.TryCreate(codePoint, out Rune rune) && rune.TryEncodeToUtf8(to, out int length) ? length : 0;
}
