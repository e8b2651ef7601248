namespace Forkpty.Screen;

/// <summary>Writes packed lines of a width, cell by cell, from the pieces of others.</summary>
internal ref struct PackedWriter(int columns, List<HistoryLine> to)
{
    private Scratch _line = new(256);
    private Style _style;
    private int _x;
    private bool _isFollowing;

    /// <summary>Writes of a line the first so many cells, with blank ones at the end where it has fewer.</summary>
    public void Add(ReadOnlySpan<byte> packed, int cells)
    {
        PackedReader reader = new(packed);
        while (reader.Next() && (cells > 0 || reader.Cells == 0))
        {
            int taken = Math.Min(reader.Cells, cells);
            if (reader.Piece == PackedPiece.Ascii)
                AddAscii(reader.Ascii[..taken], reader.Style);
            else if (reader.Piece == PackedPiece.Blanks)
                AddBlanks(taken, reader.Style);
            else
                AddOne(in reader, taken);
            cells -= taken;
        }
        AddBlanks(cells, default);
    }

    /// <summary>Ends the line that is begun, if there is one.</summary>
    public void End()
    {
        to.Add(new HistoryLine(_line.Written.ToArray(), _isFollowing));
        _line.Clear();
        _style = default;
        _x = 0;
        _isFollowing = true;
    }

    public readonly bool HasCells => _x > 0;

    public readonly void Dispose() => _line.Dispose();

    private void AddAscii(ReadOnlySpan<byte> text, in Style style)
    {
        while (text.Length > 0)
        {
            int room = Room(1, style);
            ReadOnlySpan<byte> part = text[..Math.Min(room, text.Length)];
            _line.Add(part);
            _x += part.Length;
            text = text[part.Length..];
        }
    }

    private void AddBlanks(int count, in Style style)
    {
        while (count > 0)
        {
            int part = Math.Min(Room(1, style), count);
            PackedLine.WriteBlanks(part, ref _line);
            _x += part;
            count -= part;
        }
    }

    private void AddOne(in PackedReader piece, int cells)
    {
        if (piece.Cells == 0)
        {
            PackedLine.WriteCharacter(piece.CodePoint, ref _line);
            return;
        }
        Room(cells, piece.Style);
        if (piece.Piece == PackedPiece.Tail)
        {
            _line.Add(PackedLine.Tail);
        }
        else
        {
            if (piece.Piece == PackedPiece.Half || cells < piece.Cells)
                _line.Add(PackedLine.Half);
            else if (piece.Piece == PackedPiece.Lone)
                _line.Add(PackedLine.Lone);
            PackedLine.WriteCharacter(piece.CodePoint, ref _line);
        }
        _x += cells;
    }

    /// <summary>Cells left in the line, at least as many as are wanted: a new one is begun where there are not. The style is set.</summary>
    private int Room(int wanted, in Style style)
    {
        if (_x + wanted > columns)
            End();
        if (style != _style)
        {
            _style = style;
            PackedLine.WriteStyle(style, ref _line);
        }
        return columns - _x;
    }
}
