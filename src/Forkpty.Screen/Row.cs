namespace Forkpty.Screen;

/// <summary>A line of the live screen.</summary>
internal sealed class Row(int length)
{
    public uint[] Cells = new uint[length];

    /// <summary>Cells in use. More than the screen has columns where a screen without history was made narrower: they come back when it is widened.</summary>
    public int Length = length;

    /// <summary>The line before it went on here, without a line feed.</summary>
    public bool Wrapped;

    public Span<uint> Span => Cells.AsSpan(0, Length);

    public void Clear(uint blank)
    {
        Span.Fill(blank);
        Wrapped = false;
    }

    /// <summary>Gives it that many cells; new ones are blank.</summary>
    public void SetLength(int length)
    {
        if (length > Cells.Length || length < Cells.Length / 2)
            Array.Resize(ref Cells, length);
        if (length > Length)
            Cells.AsSpan(Length, length - Length).Clear();
        Length = length;
    }

    /// <summary>Overwrites cells; a character of two columns that loses a half loses the other too.</summary>
    public void Replace(int start, int end, uint blank)
    {
        Span<uint> cells = Span;
        if (start > 0 && start <= cells.Length && Cell.IsWide(cells[start - 1]))
            cells[start - 1] = blank;
        if (end > 0 && end < cells.Length && Cell.IsWide(cells[end - 1]))
            cells[end] = blank;
        end = Math.Min(end, cells.Length);
        if (start < end)
            cells[start..end].Fill(blank);
    }

    /// <summary>Moves cells to the right, out of the line.</summary>
    public void Insert(int at, int count, uint blank)
    {
        Span<uint> cells = Span;
        at %= cells.Length;
        if (at > 0 && Cell.IsWide(cells[at - 1]))
            cells[at - 1] = blank;
        count = Math.Min(count, cells.Length - at);
        cells[at..^count].CopyTo(cells[(at + count)..]);
        cells.Slice(at, count).Fill(blank);
        if (Cell.IsWide(cells[^1]))
            cells[^1] = blank;
    }

    /// <summary>Takes cells out; what is right of them moves left.</summary>
    public void Delete(int at, int count, uint blank)
    {
        Span<uint> cells = Span;
        at %= cells.Length;
        count = Math.Min(count, cells.Length - at);
        cells[(at + count)..].CopyTo(cells[at..]);
        cells[^count..].Fill(blank);
        if (at > 0 && Cell.IsWide(cells[at - 1]))
            cells[at - 1] = blank;
        if (Cell.IsTail(cells[at]))
            cells[at] = blank;
    }
}
