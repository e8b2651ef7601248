namespace Forkpty.Screen;

/// <summary>The tables of what cells hold, and which of it is still in use.</summary>
internal sealed class Inks(Func<IEnumerable<Row>> rows)
{
    public readonly StyleTable Styles = new();
    public readonly ClusterTable Clusters = new();

    /// <summary>Numbers of styles that are in use though no cell has them.</summary>
    public readonly int[] Held = new int[2];

    /// <summary>The upper bits of a cell with the style.</summary>
    public uint Intern(in Style style)
    {
        if (Styles.WantsSweep)
            SweepStyles();
        return (uint)Styles.Intern(style) << Cell.StyleShift;
    }

    public uint Of(int codePoint)
    {
        if (codePoint < Cell.Tail)
            return (uint)codePoint;
        SweepClustersWhenWanted();
        return Clusters.Of(codePoint);
    }

    public uint Lone(int codePoint)
    {
        SweepClustersWhenWanted();
        return Clusters.Lone(codePoint);
    }

    public uint Append(uint content, int codePoint)
    {
        SweepClustersWhenWanted();
        return Clusters.Append(content, codePoint);
    }

    public void Unpack(ReadOnlySpan<byte> packed, Span<uint> cells)
    {
        PackedReader reader = new(packed);
        Style style = default;
        uint ink = 0;
        int x = 0;
        while (reader.Next() && (x < cells.Length || reader.Cells == 0))
        {
            if (reader.Style != style)
            {
                style = reader.Style;
                ink = Intern(style);
            }
            switch (reader.Piece)
            {
                case PackedPiece.Ascii:
                    foreach (byte character in reader.Ascii[..Math.Min(reader.Ascii.Length, cells.Length - x)])
                        cells[x++] = character | ink;
                    break;
                case PackedPiece.Blanks:
                    int end = Math.Min(x + reader.Cells, cells.Length);
                    cells[x..end].Fill(ink);
                    x = end;
                    break;
                case PackedPiece.Character when reader.Cells == 0:
                    Join(cells[..x], reader.CodePoint);
                    break;
                case PackedPiece.Character when reader.Cells == 2:
                    cells[x++] = Of(reader.CodePoint) | Cell.Wide | ink;
                    if (x < cells.Length)
                        cells[x++] = Cell.Tail | ink;
                    break;
                case PackedPiece.Character:
                    cells[x++] = Of(reader.CodePoint) | ink;
                    break;
                case PackedPiece.Half:
                    cells[x++] = Of(reader.CodePoint) | Cell.Wide | ink;
                    break;
                case PackedPiece.Lone:
                    cells[x++] = Lone(reader.CodePoint) | ink;
                    break;
                case PackedPiece.Tail:
                    cells[x++] = Cell.Tail | ink;
                    break;
            }
        }
    }

    private void Join(Span<uint> before, int codePoint)
    {
        if (before.Length == 0)
            return;
        ref uint cell = ref before[before.Length > 1 && Cell.IsTail(before[^1]) ? ^2 : ^1];
        cell = cell & ~Cell.Content | Append(cell & Cell.Content, codePoint);
    }

    private void SweepStyles()
    {
        Span<ulong> marks = new ulong[Styles.MarkWords];
        int cells = 0;
        foreach (int held in Held)
            marks[held >> 6] |= 1ul << held;
        foreach (Row row in rows())
        {
            uint last = 0;
            foreach (uint cell in row.Span)
            {
                uint style = cell >> Cell.StyleShift;
                if (style != last)
                    marks[(int)style >> 6] |= 1ul << (int)style;
                last = style;
            }
            cells += row.Length;
        }
        Styles.Sweep(marks, cells);
    }

    private void SweepClustersWhenWanted()
    {
        if (!Clusters.WantsSweep)
            return;
        Span<ulong> marks = new ulong[Clusters.MarkWords];
        int cells = 0;
        foreach (Row row in rows())
        {
            foreach (uint cell in row.Span)
            {
                if ((cell & Cell.Cluster) != 0)
                    marks[(int)(cell & 0xFFFF) >> 6] |= 1ul << (int)(cell & 0x3F);
            }
            cells += row.Length;
        }
        Clusters.Sweep(marks, cells);
    }
}
