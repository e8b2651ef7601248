namespace Forkpty.Screen;

internal ref partial struct SnapshotWriter
{
    private void WriteHistory(History history, int limit)
    {
        int skipped = Math.Max(0, history.Count - Math.Max(0, limit));
        foreach (HistoryLine line in history)
        {
            if (skipped-- > 0)
                continue;
            // A line that went on from one that is left out begins there.
            WriteLine(line);
        }
    }

    private void WritePage(Page page)
    {
        if (page.History is null)
        {
            _isFirst = true;
            _isWaiting = false;
            _x = 0;
        }
        if (page.Rows.Length == 0)
        {
            foreach (HistoryLine line in page.ParkedLines())
                WriteLine(line);
            return;
        }
        Scratch packed = new(256);
        foreach (Row row in page.Rows)
        {
            packed.Clear();
            PackedLine.Pack(row.Cells.AsSpan(0, _columns), inks.Styles, inks.Clusters, ref packed);
            WriteLine(packed.Written, row.Wrapped);
        }
        packed.Dispose();
    }

    private void WriteLine(HistoryLine line) => WriteLine(line.Packed.Span, line.Wrapped);

    private void WriteLine(ReadOnlySpan<byte> packed, bool wrapped)
    {
        if (_isFirst)
            _isFirst = false;
        else if (wrapped)
            GoOn(packed);
        else
            BreakLine();
        if (_bytes.Length > 8 * 1024)
            Flush();
        _lastBlank = default;
        PackedReader reader = new(packed);
        while (reader.Next())
            WritePiece(in reader);
    }

    private void BreakLine()
    {
        // What scrolls in has the background of the style.
        ResetStyle();
        _bytes.Add("\r\n"u8);
        _x = 0;
        _isWaiting = false;
    }

    /// <summary>
    /// Makes the terminal wrap, so that it knows that the line goes on. If nothing says so by itself, something is written into the last column and the first,
    /// and erased again.
    /// </summary>
    private void GoOn(ReadOnlySpan<byte> packed)
    {
        PackedReader next = new(packed);
        bool isText = next.Next() && (next.Piece == PackedPiece.Ascii || next.Piece == PackedPiece.Character && next.Cells > 0);
        bool isWide = isText && next.Cells == 2 && next.Piece == PackedPiece.Character;
        // A line that scrolls in while text with a background wraps is filled with that.
        bool isSafe = isText && next.Style.Background == 0;
        if (isSafe && (_isWaiting || isWide && _x == _columns - 1 && _lastBlank == next.Style))
        {
            _x = 0;
            _isWaiting = false;
            return;
        }
        bool isFiller = !_isWaiting;
        ResetStyle();
        if (isFiller)
        {
            Csi(_columns, 'G');
            _bytes.Add((byte)' ');
        }
        _bytes.Add((byte)' ');
        if (isFiller)
        {
            _bytes.Add("\e[A"u8);
            Csi(_columns, 'G');
            SetStyle(_lastBlank with { Link = 0 });
            _bytes.Add("\e[X\e[B"u8);
            ResetStyle();
        }
        _bytes.Add("\r\e[X"u8);
        _x = 0;
        _isWaiting = false;
    }

    private void WritePiece(in PackedReader piece)
    {
        switch (piece.Piece)
        {
            case PackedPiece.Ascii:
                SetStyle(piece.Style);
                _bytes.Add(piece.Ascii);
                break;
            case PackedPiece.Character:
                SetStyle(piece.Style);
                PackedLine.WriteCharacter(piece.CodePoint, ref _bytes);
                break;
            case PackedPiece.Lone:
                // Any sequence in between keeps it from joining the cell before.
                ResetStyle();
                SetStyle(piece.Style);
                _bytes.Add("\e[m"u8);
                _style = default;
                SetStyle(piece.Style);
                PackedLine.WriteCharacter(piece.CodePoint, ref _bytes);
                break;
            default:
                WriteBlanks(piece.Cells, piece.Style);
                return;
        }
        _x += piece.Cells;
        if (piece.Cells > 0)
            _isWaiting = _x == _columns;
    }

    /// <summary>Blank cells are gone over, and erased where they have a background.</summary>
    private void WriteBlanks(int count, in Style style)
    {
        if (!style.IsDefault)
        {
            SetStyle(style with { Link = 0 });
            Csi(count, 'X');
        }
        _x += count;
        _isWaiting = false;
        if (_x < _columns)
        {
            Csi(count, 'C');
            return;
        }
        _lastBlank = style;
        if (count > 1)
            Csi(count - 1, 'C');
        _x = _columns - 1;
    }
}
