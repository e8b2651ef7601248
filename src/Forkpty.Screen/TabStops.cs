namespace Forkpty.Screen;

/// <summary>The columns at which a tab ends. They stay where they were when the screen gets narrower, and come every 8 columns where it gets wider.</summary>
internal sealed class TabStops
{
    public const int Distance = 8;

    private ulong[] _bits = [];
    private int _columns;

    public TabStops(int columns)
    {
        _columns = columns;
        Reset();
    }

    public void Reset()
    {
        _bits = new ulong[(_columns >> 6) + 1];
        SetFrom(0);
    }

    public void Clear() => Array.Clear(_bits);

    public bool this[int column]
    {
        get => column >> 6 < _bits.Length && (_bits[column >> 6] >> column & 1) != 0;
        set
        {
            if (value)
                _bits[column >> 6] |= 1ul << column;
            else
                _bits[column >> 6] &= ~(1ul << column);
        }
    }

    public int After(int column)
    {
        do
            column++;
        while (column < _columns && !this[column]);
        return Math.Min(column, _columns - 1);
    }

    public int Before(int column)
    {
        do
            column--;
        while (column > 0 && !this[column]);
        return Math.Clamp(column, 0, _columns - 1);
    }

    public void Resize(int columns)
    {
        _columns = columns;
        if (_bits.Length <= columns >> 6)
            Array.Resize(ref _bits, (columns >> 6) + 1);
        SetFrom(this[columns] ? columns : Before(columns));
    }

    /// <summary>Whether they are where a new terminal has them.</summary>
    public bool IsDefault()
    {
        for (int column = 0; column < _columns; column++)
        {
            if (this[column] != (column % Distance == 0))
                return false;
        }
        return true;
    }

    private void SetFrom(int column)
    {
        for (; column < _columns; column += Distance)
            this[column] = true;
    }
}
